// One serf agent as a Node program has it: the agent's core with its serf node, the handlers of its events,
// discovery, and the RPC port through which it is operated.
//
// As a library it is a good guest: no signal handlers, nothing on stdout, several in one process. The command
// (cli/commands/agent.ts) adds those. Life: create, start, perhaps listen, and at last shutdown.
// Upstream: cmd/serf/command/agent/agent.go. Next: agent-core.ts of @reeve/serf, serf-config.ts,
// event-handlers/, rpc/server.ts.

import { isDeepStrictEqual } from 'node:util';
import { Keyring, type MemberlistConfig } from '@reeve/memberlist';
import type { Endpoint, Log, Runtime } from '@reeve/runtime';
import { bindFailure, errorCode } from '@reeve/runtime/node';
import { AgentCore, retryJoin } from '@reeve/serf/agent';
import type {
  Coordinate,
  JoinOutcome,
  KeyManager,
  KeyOutcome,
  Member,
  QueryHandle,
  QueryHandlers,
  QueryParams,
  RegexpCompiler,
  SerfConfig,
  SerfEvent,
  Tags,
} from '@reeve/serf/core';
import { resolveEndpoint } from '../config/addresses.ts';
import { planReload, reloadedTags } from '../config/reload.ts';
import type { AgentConfig } from '../config/schema.ts';
import type { Discovery } from '../discovery/discovery.ts';
import { errorText } from '../error-text.ts';
import { EventHandlers } from '../event-handlers/event-handlers.ts';
import type { HandlerPlan } from '../event-handlers/handler-entry.ts';
import type { AgentLog, LogLine, LogSubscription } from '../log/agent-log.ts';
import { parseLogLevel } from '../log/log-level.ts';
import type { RpcAgent } from '../rpc/agent-port.ts';
import { RpcServer } from '../rpc/server.ts';
import { whenDone } from '../when-done.ts';
import { runtimeStats } from './runtime-stats.ts';

/** What an agent is made of. */
export interface AgentOptions {
  readonly config: AgentConfig;
  /** The handlers that `config` means, read. */
  readonly handlers: HandlerPlan;
  /** The settings of the node, as serfConfig and restoreFiles make them. */
  readonly serf: SerfConfig;
  /** The key of `-encrypt`, if there is one. */
  readonly encryptionKey?: Uint8Array | undefined;
  /** The world; what it logs should go to `log`. */
  readonly runtime: Runtime;
  readonly log: AgentLog;
}

/** A running agent. */
export class Agent implements RpcAgent {
  /** Settles when the agent is down, whoever wanted that. */
  readonly stopped: Promise<void>;
  readonly #options: AgentOptions;
  readonly #log: Log;
  readonly #core: AgentCore;
  readonly #handlers: EventHandlers;
  // Bounded by the RPC server, whose clients are the listeners.
  readonly #listeners = new Set<(event: SerfEvent) => void>();
  #config: AgentConfig;
  #handlerPlan: HandlerPlan;
  #rpc: RpcServer | undefined;
  #discovery: Discovery | undefined;
  #rpcClosed: Promise<void> | undefined;

  /** Starts an agent. Rejects with the original's text if the node cannot run. */
  static async start(options: AgentOptions): Promise<Agent> {
    const { compileRe2 } = await import('@reeve/serf/re2'); // large, and only an agent needs it
    const agent = Agent.#create(options, compileRe2);
    await agent.#handlers.replace(options.handlers); // before the node is seen by anybody
    try {
      await whenDone((done) => agent.#core.start(done));
      return agent;
    } catch (cause) {
      await agent.#handlers.close();
      throw new Error(`Error creating Serf: ${errorText(cause)}`, { cause });
    }
  }

  static #create(options: AgentOptions, compileRegexp: RegexpCompiler): Agent {
    try {
      const memberlist = encrypted(options.serf.memberlist, options.encryptionKey);
      return new Agent({ ...options, serf: { ...options.serf, memberlist, compileRegexp } });
    } catch (cause) {
      throw new Error(`Error creating Serf: ${errorText(cause)}`, { cause });
    }
  }

  private constructor(options: AgentOptions) {
    const { config, handlers, runtime, log } = options;
    this.#options = options;
    this.#config = config;
    this.#handlerPlan = handlers;
    this.#log = log.write;
    this.#handlers = new EventHandlers({
      nodeName: config.nodeName,
      self: () => this.#core.serf.localMember(),
      members: () => this.#core.serf.members(),
      log: log.write,
      metrics: runtime.metrics,
    });
    let onStopped = (): void => {};
    this.stopped = new Promise<void>((resolve) => {
      onStopped = resolve;
    }).then(() => this.#rpcClosed);
    this.#core = new AgentCore({
      serf: options.serf,
      tagsFile: config.tagsFile,
      runtime: { ...runtime, log: log.write },
      handlers: {
        onEvent: (event) => this.#onEvent(event),
        onDown: (done) => this.#onDown(done),
        onStopped,
      },
    });
  }

  /** The configuration as it holds now: that of the start, with what was reloaded since. */
  get config(): AgentConfig {
    return this.#config;
  }

  /** The settings of the node. */
  get serf(): SerfConfig {
    return this.#options.serf;
  }

  /** Whether gossip is encrypted. */
  get isEncrypted(): boolean {
    return this.#core.serf.encryptionEnabled;
  }

  /** Opens the RPC port that the configuration names. Rejects with Go's text if it cannot be bound. */
  async listen(): Promise<Endpoint> {
    const { runtime } = this.#options;
    const { rpcAddress, rpcAuthKey } = this.#config;
    const at = await resolveEndpoint(rpcAddress, runtime.network).catch((cause) => {
      throw new Error(`listen tcp: ${errorText(cause)}`, { cause });
    });
    this.#rpc = await RpcServer.listen(at, {
      agent: this,
      authKey: rpcAuthKey,
      log: this.#log,
      metrics: runtime.metrics,
    }).catch((cause) => {
      throw bindFailure('tcp', at, errorCode(cause), cause);
    });
    return this.#rpc.local;
  }

  /**
   * Announces this node by multicast DNS under the name in `discover` and joins the nodes it finds, until it
   * leaves. Rejects where there is no multicast.
   */
  async discover(): Promise<void> {
    const { Discovery } = await import('../discovery/discovery.ts'); // few agents need it
    const { discover, interface: sharedInterface, mdnsInterface, replayOnJoin } = this.#config;
    if (discover === '') throw new Error('discover needs the name of a cluster in the configuration');
    const { name, host, port } = this.#core.serf.localMember();
    const discovery = await Discovery.start({
      cluster: discover,
      node: name,
      endpoint: { host, port },
      onInterface: mdnsInterface || sharedInterface,
      disableIpv4: this.#config.mdnsDisableIpv4,
      disableIpv6: this.#config.mdnsDisableIpv6,
      runtime: this.#options.runtime,
      isMember: (host) => this.members().some((member) => isPresentAt(member, host)),
      join: (addresses) => this.join(addresses, replayOnJoin),
    });
    if (this.#core.isEnding) discovery.close();
    else this.#discovery = discovery;
  }

  /**
   * Puts these handlers in the place of the present ones; modules start anew. Rejects, and keeps the present
   * ones, when one cannot be set up.
   */
  async replaceHandlers(handlers: HandlerPlan): Promise<void> {
    await this.#handlers.replace(handlers);
    this.#handlerPlan = handlers;
  }

  /**
   * Takes over what else can change while running: log level, tags and how signals are answered. Of the tags
   * those change that the configuration changes; others were set while running and stay, as do all that are
   * kept in a file. Rejects when the tags are refused; the rest holds even then.
   */
  async reload(wanted: AgentConfig): Promise<void> {
    const before = this.#config;
    const { config, applied, waiting } = planReload(before, wanted);
    this.#config = { ...config, role: before.role, tags: before.tags }; // until they hold
    this.#options.log.level = parseLogLevel(config.logLevel) ?? this.#options.log.level;
    this.#log('info', `agent: Reloaded configuration, changed: ${applied.join(', ') || 'nothing'}`);
    if (waiting.length > 0) this.#log('warn', `agent: Not changed before a restart: ${waiting.join(', ')}`);
    if (config.tagsFile !== '' && config.tags.size > 0)
      throw new Error('Tags config not allowed while using tag files');
    const tags = reloadedTags(this.tags(), before.tags, config.tags);
    if (!isDeepStrictEqual(tags, this.tags())) await this.setTags(tags);
    this.#config = config;
  }

  now(): number {
    return this.#options.runtime.clock.now();
  }

  members(): readonly Member[] {
    return this.#core.serf.members();
  }

  async join(addresses: readonly string[], replay: boolean): Promise<number> {
    const { joined, error } = await new Promise<JoinOutcome>((resolve) => {
      this.#core.join(addresses, replay, resolve);
    });
    if (error === undefined) return joined;
    throw error;
  }

  /**
   * Joins through the addresses of `retry_join` again and again, until one works or the attempts are used up;
   * then calls `done`. Returns how to stop it before.
   */
  retryJoin(done: (outcome: 'joined' | 'gave up') => void): () => void {
    const { retryJoin: addresses, replayOnJoin: replay, retryMaxAttempts, retryIntervalMs } = this.#config;
    const join = (joined: (outcome: JoinOutcome) => void): void => this.#core.join(addresses, replay, joined);
    const options = { join, replay, repetitionsMax: retryMaxAttempts, intervalMs: retryIntervalMs };
    return retryJoin(options, { timers: this.#options.runtime.timers, log: this.#log }, done);
  }

  forceLeave(node: string, prune: boolean): Promise<void> {
    return whenDone((done) => this.#core.forceLeave(node, prune, done));
  }

  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void {
    this.#core.userEvent(name, payload, coalesce);
  }

  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle {
    return this.#core.query(name, payload, params, handlers);
  }

  tags(): Tags {
    return this.#core.serf.tags;
  }

  setTags(tags: Tags): Promise<void> {
    return whenDone((done) => this.#core.setTags(tags, done));
  }

  /** Leaves; whoever asks while a leave goes on waits for that one. */
  leave(): Promise<void> {
    this.#discovery?.close();
    return whenDone((done) => this.#core.leave(done));
  }

  /** Closes the port, takes the node down and forgets events that still wait for handlers. */
  shutdown(): Promise<void> {
    this.#discovery?.close();
    this.#core.shutdown(() => {});
    return this.stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  stats(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const self = this.#core.serf.localMember();
    const { scripts, own } = this.#handlerPlan;
    const handlers = [
      ...scripts,
      ...own.flatMap(({ filters, command }) => filters.map((filter) => ({ filter, command }))),
    ].map(({ filter, command }) => [`${filter.event}:${filter.name}`, command] as const);
    return new Map([
      ['agent', new Map([['name', self.name]])],
      ['event_handlers', new Map(handlers)],
      ['runtime', runtimeStats()],
      ['serf', this.#core.serf.stats()],
      ['tags', self.tags],
    ]);
  }

  coordinate(node: string): Coordinate | undefined {
    return this.#core.serf.coordinate(node);
  }

  installKey(key: string): Promise<KeyOutcome> {
    return this.#askForKeys('key installation', (keys, done) => keys.installKey(key, {}, done));
  }

  useKey(key: string): Promise<KeyOutcome> {
    return this.#askForKeys('primary key change', (keys, done) => keys.useKey(key, {}, done));
  }

  removeKey(key: string): Promise<KeyOutcome> {
    return this.#askForKeys('key removal', (keys, done) => keys.removeKey(key, {}, done));
  }

  listKeys(): Promise<KeyOutcome> {
    return this.#askForKeys('key listing', (keys, done) => keys.listKeys({}, done));
  }

  onEvent(listener: (event: SerfEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onLog(listener: (line: LogLine) => void): LogSubscription {
    return this.#options.log.subscribe(listener);
  }

  #onEvent(event: SerfEvent): void {
    this.#handlers.onEvent(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  // The port not before: who waits for a leave or a join has the answer by now.
  #onDown(done: () => void): void {
    this.#discovery?.close();
    this.#rpcClosed = this.#rpc?.close();
    void this.#handlers.close().then(done);
  }

  #askForKeys(
    what: string,
    ask: (keys: KeyManager, done: (outcome: KeyOutcome) => void) => void,
  ): Promise<KeyOutcome> {
    return new Promise((resolve) => this.#core.askForKeys(what, ask, resolve));
  }
}

function encrypted(config: MemberlistConfig, key: Uint8Array | undefined): MemberlistConfig {
  if (key === undefined) return config;
  try {
    return { ...config, keyring: new Keyring([key]) };
  } catch (cause) {
    throw new Error(`Failed to create memberlist: ${errorText(cause)}`, { cause });
  }
}

function isPresentAt({ status, host, port }: Member, at: Endpoint): boolean {
  return (status === 'alive' || status === 'leaving') && host === at.host && port === at.port;
}
