// `consul agent`: configuration, node id, log, stores, agent, joins; then it runs until a signal, or until
// it is told to leave. What it prints, in which order, and its exit codes are the original's
// (command/agent/agent.go): test suites wait for these lines. Next: consul-agent.ts, which is all this
// without a process around it.

import { setTimeout as sleep } from 'node:timers/promises';
import { type SignalName, SignalQueue, type SignalSource, signalText, type Ui } from '@reeve/cli';
import type { LogLevel, Runtime } from '@reeve/runtime';
import { createDisk, createNodeRuntime } from '@reeve/runtime/node';
import { ConfigError } from '../config/config-error.ts';
import { debugConfig } from '../config/debug-config.ts';
import { thisHost } from '../config/host.ts';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../config/load.ts';
import type { ListenAddress, RuntimeConfig } from '../config/runtime-config.ts';
import { placeText } from '../config/validate.ts';
import type { AgentLog } from '../log/agent-log.ts';
import { logFields } from '../log/log-fields.ts';
import { parseLogLevel } from '../log/log-level.ts';
import { openLog } from '../log/open-log.ts';
import { AgentMetrics } from './agent-metrics.ts';
import { bannerLines } from './banner.ts';
import { openConsensusStores } from './consensus-stores.ts';
import { ConsulAgent } from './consul-agent.ts';
import { CoordinateUpdates } from './coordinate-updates.ts';
import { hostId } from './host-id.ts';
import { makeDirectory } from './make-directory.ts';
import { findNodeId } from './node-id.ts';
import { agentOptions, reconfiguration } from './options/agent-options.ts';
import { ownHttp } from './own-http.ts';
import { writePidFile } from './pid-file.ts';
import { retryJoin } from './retry-join.ts';
import { Watches } from './watches/watches.ts';

/** The process around an agent. */
export interface AgentProcess {
  readonly ui: Ui;
  readonly signals: SignalSource;
}

/** Runs an agent to its end; the result is the exit code. */
export async function runAgent(request: () => ConfigRequest, { ui, signals }: AgentProcess): Promise<number> {
  const load = () => loadConfig(request(), createDisk(), thisHost());
  try {
    const loaded = await load();
    refuseClient(loaded.config);
    const { log, close } = await openLog(loaded.config.log, ui.info);
    const metrics = new AgentMetrics(loaded.config.metricsPrefix);
    const runtime = createNodeRuntime({ log: log.write, metrics });
    const nodeId = await nodeIdOf(loaded.config, runtime);
    const speech = loaded.config.log.json ? silence : ui;
    announce(loaded, nodeId, speech, log);
    const { config } = loaded;
    const run = new AgentRun({ config, load, nodeId, runtime, log, metrics, ui: speech, signals });
    const code = await run.toTheEnd();
    log.write('info', `agent: Exit code: code=${code}`);
    metrics.close();
    await close();
    return code;
  } catch (error) {
    ui.error((error as Error).message);
    return 1;
  }
}

function refuseClient({ serverMode }: RuntimeConfig): void {
  if (!serverMode) throw new ConfigError('server = false cannot be used yet: set it to true, or use -server');
}

/** Makes the data directory to keep the id in. */
function nodeIdOf({ identity }: RuntimeConfig, { disk, random }: Runtime): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    if (identity.dataDir !== '') makeDirectory(identity.dataDir, 0o755);
    findNodeId(identity, { disk, random, hostId: hostId() }, (result) => {
      if (result.ok) resolve(result.value);
      else reject(result.error);
    });
  }).catch((error: Error) => {
    throw new Error(`failed to setup node ID: ${error.message}`, { cause: error });
  });
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

function announce({ config, warnings }: LoadedConfig, nodeId: string, ui: Ui, log: AgentLog): void {
  ui.output('Starting Consul agent...');
  for (const line of bannerLines(config, nodeId)) ui.info(line);
  ui.output('');
  ui.output('Log data will now stream in as it occurs:\n');
  // Twice: upstream reads the configuration for its log first, and then for the agent.
  for (const part of ['agent', 'agent.auto_config'])
    for (const warning of warnings) log.write('warn', `${part}: ${warning}`);
}

interface AgentRunParts extends AgentProcess {
  readonly config: RuntimeConfig;
  readonly load: () => Promise<LoadedConfig>;
  readonly nodeId: string;
  readonly runtime: Runtime;
  readonly log: AgentLog;
  readonly metrics: AgentMetrics;
}

/** One agent from its start to its end. */
class AgentRun {
  readonly #parts: AgentRunParts;
  /** The exit code, once the agent has ended by itself. */
  readonly #ended: Promise<number>;
  #end: (code: number) => void = () => {};
  readonly #watches: Watches;
  #agent: ConsulAgent | undefined;
  #removePidFile: () => void = () => {};
  #coordinates: CoordinateUpdates | undefined;

  constructor(parts: AgentRunParts) {
    this.#parts = parts;
    this.#watches = new Watches(parts.runtime, ownHttp(parts.config.addresses));
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

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
        if (next !== 'SIGHUP') return await this.#leaveOrNot(agent, next, queue);
        await this.#reload().catch((error: Error) => {
          log.write('err', `agent: Reload config failed${logFields({ error: error.message })}`);
        });
      }
    } finally {
      stopRetrying();
    }
  }

  async #leaveOrNot(agent: ConsulAgent, signal: SignalName, queue: SignalQueue): Promise<number> {
    const { skipLeaveOnInterrupt, leaveOnTerminate } = this.#parts.config.join;
    const { write } = this.#parts.log;
    const isGraceful = signal === 'SIGINT' ? !skipLeaveOnInterrupt : leaveOnTerminate;
    if (!isGraceful) {
      write('info', 'agent: Graceful shutdown disabled. Exiting');
      return 1;
    }
    write('info', 'agent: Gracefully shutting down agent...');
    const limit = new AbortController();
    try {
      const { code, text } = await Promise.race([
        this.#left(agent),
        // Upstream names the first one again.
        queue
          .next()
          .then(() => ({ code: 1, text: `Caught second signal, Exiting: signal=${signalText(signal)}` })),
        sleep(leaveMsMax, undefined, { signal: limit.signal }).then(() => ({
          code: 1,
          text: 'Timeout on graceful leave. Exiting',
        })),
      ]);
      write('info', `agent: ${text}`);
      return code;
    } finally {
      limit.abort();
    }
  }

  /** Never settles if the agent cannot leave: then its time passes, or another signal comes, as upstream. */
  async #left(agent: ConsulAgent): Promise<{ readonly code: number; readonly text: string }> {
    try {
      await agent.leave();
    } catch (error) {
      const fields = logFields({ error: (error as Error).message });
      this.#parts.log.write('err', `agent: Error on leave${fields}`);
      await new Promise(() => {});
    }
    return { code: 0, text: 'Graceful exit completed' };
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

/** Of an agent whose log is JSON, stdout has nothing else. */
const silence: Ui = { output: () => {}, info: () => {}, error: () => {} };
/** Upstream's limit. */
const leaveMsMax = 15_000;
