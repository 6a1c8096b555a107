// One run of an agent: stores, agent, joins; then until a signal, or until it is told to leave.
// Next: consul-agent.ts, which is all this without a process around it; graceful-leave.ts, for its end.

import { type Env, SignalQueue, type SignalSource, signalText, type Ui } from '@reeve/cli';
import type { LogLevel, Runtime } from '@reeve/runtime';
import { debugConfig } from '../config/debug-config.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ListenAddress, RuntimeConfig } from '../config/runtime-config.ts';
import { placeText } from '../config/validate.ts';
import type { AgentLog } from '../log/agent-log.ts';
import { logFields } from '../log/log-fields.ts';
import { parseLogLevel } from '../log/log-level.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { ConsulAgent } from './consul-agent.ts';
import { CoordinateUpdates } from './coordinate-updates.ts';
import { openConsensusStores } from './data-directory/consensus-stores.ts';
import { makeDirectory } from './data-directory/make-directory.ts';
import { leaveOrNot } from './graceful-leave.ts';
import { agentOptions, reconfiguration } from './options/agent-options.ts';
import { ownHttp } from './own-http.ts';
import { writePidFile } from './pid-file.ts';
import { retryJoin } from './retry-join.ts';
import { Readiness } from './systemd.ts';
import { Watches } from './watches/watches.ts';

/** The process around an agent. */
export interface AgentProcess {
  readonly ui: Ui;
  readonly env: Env;
  readonly signals: SignalSource;
  /** Writes numbers to standard error. */
  readonly dump: (text: string) => void;
}

/** What a run is made of. */
export interface AgentRunParts extends Omit<AgentProcess, 'dump'> {
  readonly config: RuntimeConfig;
  readonly load: () => Promise<LoadedConfig>;
  readonly nodeId: string;
  readonly runtime: Runtime;
  readonly log: AgentLog;
  readonly metrics: AgentMetrics;
}

/** One agent from its start to its end. */
export class AgentRun {
  readonly #parts: AgentRunParts;
  /** The exit code, once the agent has ended by itself. */
  readonly #ended: Promise<number>;
  #end: (code: number) => void = () => {};
  readonly #watches: Watches;
  readonly #readiness: Readiness;
  #agent: ConsulAgent | undefined;
  #removePidFile: () => void = () => {};
  #coordinates: CoordinateUpdates | undefined;

  constructor(parts: AgentRunParts) {
    this.#parts = parts;
    this.#watches = new Watches(parts.runtime, ownHttp(parts.config.addresses));
    this.#readiness = new Readiness(parts.env, parts.log.write);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Starts the agent; the result is the exit code. */
  async toTheEnd(): Promise<number> {
    const { ui, log, signals } = this.#parts;
    const queue = new SignalQueue(signals, ['SIGINT', 'SIGTERM', 'SIGHUP']);
    try {
      const agent = await this.#start();
      this.#agent = agent;
      this.#removePidFile = writePidFile(this.#parts.config.identity.pidFile, log.write);
      this.#coordinates = this.#tellCoordinates(agent);
      this.#watches.replace(this.#parts.config.definitions.watches);
      const problem = await this.#joinAtStart(agent);
      if (problem !== undefined) {
        log.write('err', `agent: ${problem}`);
        return 1;
      }
      log.write('info', 'agent: started state syncer');
      ui.output('Consul agent running!');
      if (this.#joinsNobody()) void this.#readiness.say();
      return await this.#runUntilEnd(agent, queue);
    } catch (error) {
      log.write('err', `agent: Error starting agent${logFields({ error: (error as Error).message })}`);
      return 1;
    } finally {
      queue.close();
      await this.#stop();
    }
  }

  async #start(): Promise<ConsulAgent> {
    const { config, runtime, nodeId, log, metrics } = this.#parts;
    const tell = (line: string): void => log.write('info', `agent.server: ${line}`);
    const stores = await openConsensusStores(config, runtime, tell).catch((error: Error) => {
      throw new Error(`Failed to start Consul server: Failed to start Raft: ${error.message}`, {
        cause: error,
      });
    });
    makeGossipDirectory(config);
    const onFatal = (error: Error): void => {
      log.write('err', `agent: The server cannot go on${logFields({ error: error.message })}`);
      this.#end(1);
    };
    const options = await agentOptions(config, { runtime, nodeId, ...stores, onFatal });
    const agent = await ConsulAgent.start({
      ...options,
      log,
      metrics,
      debugConfig: debugConfig(config),
      reload: () => this.#reload(),
      onJoined: () => void this.#readiness.say(),
      onLeft: () => this.#end(0),
    });
    for (const { protocol, at } of this.#listeners())
      log.write('info', `agent: Started ${protocol} server: ${at}`);
    return agent;
  }

  /** Where DNS and HTTP listen, as the log says it. */
  #listeners(): readonly { readonly protocol: 'DNS' | 'HTTP'; readonly at: string }[] {
    const { dns, http } = this.#parts.config.addresses;
    const listener = (protocol: 'DNS' | 'HTTP') => (place: ListenAddress) => ({
      protocol,
      at: `address=${placeText(place)} network=${place.network}`,
    });
    return [...dns.map(listener('DNS')), ...http.map(listener('HTTP'))];
  }

  #tellCoordinates({ caller, cluster }: ConsulAgent): CoordinateUpdates | undefined {
    const { config, runtime } = this.#parts;
    const { identity, sync, gossip } = config;
    if (gossip.disableCoordinates) return undefined;
    return new CoordinateUpdates({
      runtime,
      caller,
      datacenter: identity.datacenter,
      nodeName: identity.nodeName,
      rateTarget: sync.coordinateRateTarget,
      intervalMinMs: sync.coordinateIntervalMinMs,
      clusterSize: () => cluster.members().length,
      coordinate: cluster.coordinate,
    });
  }

  /** Why nobody could be joined; undefined if all is well. */
  async #joinAtStart(agent: ConsulAgent): Promise<string | undefined> {
    const { config, ui, log } = this.#parts;
    if (config.join.startLan.length === 0) return undefined;
    ui.output('Joining cluster...');
    const { joined, error } = await agent.join(config.join.startLan);
    if (joined === 0) return error?.message ?? 'no agent answered';
    log.write('info', `agent: Join completed. Initial agents synced with: agent_count=${joined}`);
    return undefined;
  }

  /** Who is to join somebody is ready when it has; upstream without anybody to join is never ready. */
  #joinsNobody(): boolean {
    const { startLan, retryLan } = this.#parts.config.join;
    return startLan.length + retryLan.length === 0;
  }

  async #runUntilEnd(agent: ConsulAgent, queue: SignalQueue): Promise<number> {
    const { config, runtime, log } = this.#parts;
    const stopRetrying = retryJoin(
      config.join,
      runtime,
      (addresses) => agent.join(addresses),
      () => this.#end(1),
    );
    try {
      for (;;) {
        const next = await Promise.race([queue.next(), this.#ended]);
        if (typeof next === 'number') return next;
        log.write('info', `agent: Caught: signal=${signalText(next)}`);
        if (next !== 'SIGHUP') return await leaveOrNot(agent, config.join, next, queue, log.write);
        await this.#reload().catch((error: Error) => {
          log.write('err', `agent: Reload config failed${logFields({ error: error.message })}`);
        });
      }
    } finally {
      stopRetrying();
    }
  }

  /** Reads the configuration again; what cannot change while the agent runs stays as it was. */
  async #reload(): Promise<void> {
    const { load, log } = this.#parts;
    const { config, warnings } = await load();
    for (const warning of warnings) log.write('warn', `agent.auto_config: ${warning}`);
    log.level = this.#wantedLevel(config.log.level);
    const { runtime, nodeId } = this.#parts;
    await this.#agent?.reconfigure(await reconfiguration(config, runtime, nodeId));
    this.#watches.reload(config.definitions.watches);
  }

  #wantedLevel(name: string): LogLevel {
    const { log } = this.#parts;
    const level = parseLogLevel(name);
    if (level !== undefined) return level;
    log.write('warn', `agent: Invalid log level in new configuration${logFields({ level: name })}`);
    return log.level;
  }

  async #stop(): Promise<void> {
    const { write } = this.#parts.log;
    if (this.#agent === undefined) return;
    this.#watches.stop();
    this.#coordinates?.stop();
    this.#removePidFile();
    write('info', 'agent: Requesting shutdown');
    write('info', 'agent.server: shutting down server');
    await this.#agent.stop();
    write('info', 'agent: consul server down');
    write('info', 'agent: shutdown complete');
    for (const { protocol, at } of this.#listeners())
      write('info', `agent: Stopping server: protocol=${protocol} ${at}`);
    write('info', 'agent: Waiting for endpoints to shut down');
    write('info', 'agent: Endpoints down');
  }
}

/** For what gossip remembers: keys and members. */
function makeGossipDirectory({ identity: { dataDir } }: RuntimeConfig): void {
  try {
    if (dataDir !== '') makeDirectory(`${dataDir}/serf`, 0o700);
  } catch (error) {
    const reason = `Failed to start LAN Serf: ${(error as Error).message}`;
    throw new Error(`Failed to start Consul server: ${reason}`, { cause: error });
  }
}
