// One serf agent: a serf node, the handlers of its events, the files that keep its tags and keys,
// and the RPC port through which it is operated. Its own part is small: it logs what is asked of it and
// passes it on.
//
// As a library it is a good guest: no signal handlers, nothing on stdout, several in one process. The command
// (cli/commands/agent.ts) adds those. Life: create, start, perhaps listen, and at last shutdown.
// Upstream: cmd/serf/command/agent/agent.go. Next: serf-config.ts, event-handlers/, rpc/server.ts.

import { isDeepStrictEqual } from 'node:util';
import { decodeText } from '@reeve/bytes';
import { quote } from '@reeve/cli';
import { Keyring, type MemberlistConfig } from '@reeve/memberlist';
import type { Endpoint, Log, Runtime } from '@reeve/runtime';
import { bindFailure, errorCode } from '@reeve/runtime/node';
import {
  type Coordinate,
  type JoinOutcome,
  type KeyManager,
  type KeyOutcome,
  type Member,
  type QueryHandle,
  type QueryHandlers,
  type QueryParams,
  type RegexpCompiler,
  Serf,
  type SerfConfig,
  type SerfEvent,
  type Tags,
} from '@reeve/serf/core';
import { planReload, reloadedTags } from '../config/reload.ts';
import type { AgentConfig } from '../config/schema.ts';
import type { Discovery } from '../discovery/discovery.ts';
import { errorText } from '../error-text.ts';
import { eventText } from '../event-handlers/action.ts';
import { EventHandlers } from '../event-handlers/event-handlers.ts';
import type { HandlerPlan } from '../event-handlers/handler-entry.ts';
import type { AgentLog, LogLine, LogSubscription } from '../log/agent-log.ts';
import { parseLogLevel } from '../log/log-level.ts';
import type { RpcAgent } from '../rpc/agent-port.ts';
import { RpcServer } from '../rpc/server.ts';
import { resolveEndpoint } from './addresses.ts';
import { runtimeStats } from './runtime-stats.ts';
import { writeTagsFile } from './tags-file.ts';
import { whenDone } from './when-done.ts';

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
  readonly #serf: Serf;
  readonly #serfDown: Promise<void>;
  readonly #handlers: EventHandlers;
  // Bounded by the RPC server, whose clients are the listeners.
  readonly #listeners = new Set<(event: SerfEvent) => void>();
  #config: AgentConfig;
  #handlerPlan: HandlerPlan;
  #rpc: RpcServer | undefined;
  #discovery: Discovery | undefined;
  #leaving: Promise<void> | undefined;
  #shutdown: Promise<void> | undefined;

  /** Starts an agent. Rejects with the original's text if the node cannot run. */
  static async start(options: AgentOptions): Promise<Agent> {
    options.log.write('info', 'agent: Serf agent starting');
    const { compileRe2 } = await import('@reeve/serf/re2'); // large, and only an agent needs it
    const agent = Agent.#create(options, compileRe2);
    await agent.#handlers.replace(options.handlers); // before the node is seen by anybody
    try {
      await whenDone((done) => agent.#serf.start(done));
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
      self: () => this.#serf.localMember(),
      members: () => this.#serf.members(),
      log: log.write,
      metrics: runtime.metrics,
    });
    let onShutdown = (): void => {};
    this.#serfDown = new Promise((resolve) => {
      onShutdown = resolve;
    });
    this.#serf = new Serf(options.serf, runtime, { onEvent: (event) => this.#onEvent(event), onShutdown });
    this.stopped = this.#serfDown.then(() => this.#onSerfDown());
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
    return this.#serf.encryptionEnabled;
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
    const { name, host, port } = this.#serf.localMember();
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
    if (this.#shutdown === undefined) this.#discovery = discovery;
    else discovery.close();
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
    return this.#serf.members();
  }

  async join(addresses: readonly string[], replay: boolean): Promise<number> {
    this.#log('info', `agent: joining: [${addresses.join(' ')}] replay: ${replay}`);
    const { joined, error } = await new Promise<JoinOutcome>((resolve) => {
      this.#serf.join(addresses, !replay, resolve);
    });
    if (joined > 0) this.#log('info', `agent: joined: ${joined} nodes`);
    if (error === undefined) return joined;
    this.#log('warn', `agent: error joining: ${error.message}`);
    throw error;
  }

  async forceLeave(node: string, prune: boolean): Promise<void> {
    const how = prune ? ' (prune)' : '';
    this.#log('info', `agent: Force leaving node${how}: ${node}`);
    await whenDone((done) => this.#serf.forceLeave(node, prune, done)).catch((error) => {
      this.#log('warn', `agent: failed to remove node${how}: ${errorText(error)}`);
      throw error;
    });
  }

  userEvent(name: string, payload: Uint8Array, coalesce: boolean): void {
    const content = quote(decodeText(payload));
    this.#log(
      'debug',
      `agent: Requesting user event send: ${name}. Coalesced: ${coalesce}. Payload: ${content}`,
    );
    try {
      this.#serf.userEvent(name, payload, coalesce);
    } catch (error) {
      this.#log('warn', `agent: failed to send user event: ${errorText(error)}`);
      throw error;
    }
  }

  query(name: string, payload: Uint8Array, params: QueryParams, handlers: QueryHandlers): QueryHandle {
    const isPing = name === `${internalPrefix}ping` && payload.length === 0;
    if (name.startsWith(internalPrefix) && !isPing)
      throw new Error(`Queries cannot contain the '${internalPrefix}' prefix`);
    this.#log('debug', `agent: Requesting query send: ${name}. Payload: ${quote(decodeText(payload))}`);
    try {
      return this.#serf.query(name, payload, params, handlers);
    } catch (error) {
      this.#log('warn', `agent: failed to start user query: ${errorText(error)}`);
      throw error;
    }
  }

  tags(): Tags {
    return this.#serf.tags;
  }

  async setTags(tags: Tags): Promise<void> {
    const { tagsFile } = this.#config;
    // Upstream asks only afterwards; then tags that are too long stay in the file and prevent the next start.
    const problem = this.#serf.findTagsProblem(tags);
    if (problem !== undefined) throw problem;
    if (tagsFile !== '') await this.#writeTags(tagsFile, tags);
    await whenDone((done) => this.#serf.setTags(tags, done));
  }

  /** Leaves; whoever asks while a leave goes on waits for that one. Upstream ends at once and half-way. */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  /** Closes the port, takes the node down and forgets events that still wait for handlers. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#stop();
    return this.#shutdown;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  stats(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const self = this.#serf.localMember();
    const { scripts, own } = this.#handlerPlan;
    const handlers = [
      ...scripts,
      ...own.flatMap(({ filters, command }) => filters.map((filter) => ({ filter, command }))),
    ].map(({ filter, command }) => [`${filter.event}:${filter.name}`, command] as const);
    return new Map([
      ['agent', new Map([['name', self.name]])],
      ['event_handlers', new Map(handlers)],
      ['runtime', runtimeStats()],
      ['serf', this.#serf.stats()],
      ['tags', self.tags],
    ]);
  }

  coordinate(node: string): Coordinate | undefined {
    return this.#serf.coordinate(node);
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
    this.#log('info', `agent: Received event: ${eventText(event)}`);
    this.#handlers.onEvent(event);
    for (const listener of [...this.#listeners]) listener(event);
  }

  #onSerfDown(): Promise<void> {
    if (this.#shutdown === undefined) this.#log('warn', 'agent: Serf shutdown detected, quitting');
    return this.shutdown();
  }

  async #leave(): Promise<void> {
    this.#log('info', 'agent: requesting graceful leave from Serf');
    this.#discovery?.close();
    await whenDone((done) => this.#serf.leave(done));
  }

  async #stop(): Promise<void> {
    this.#discovery?.close();
    this.#log('info', 'agent: requesting serf shutdown');
    this.#serf.shutdown();
    await this.#serfDown;
    const rpcClosed = this.#rpc?.close(); // not before: who waits for a leave or a join has the answer by now
    await this.#handlers.close();
    this.#log('info', 'agent: shutdown complete');
    await rpcClosed;
  }

  async #writeTags(path: string, tags: Tags): Promise<void> {
    await writeTagsFile(this.#options.runtime.disk, path, tags).catch((error) => {
      this.#log('err', `agent: ${errorText(error)}`);
      throw error;
    });
  }

  #askForKeys(
    what: string,
    ask: (keys: KeyManager, done: (outcome: KeyOutcome) => void) => void,
  ): Promise<KeyOutcome> {
    this.#log('info', `agent: Initiating ${what}`);
    return new Promise((resolve) => ask(this.#serf.keyManager, resolve));
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

const internalPrefix = '_serf_';
