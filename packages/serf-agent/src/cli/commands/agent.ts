// `serf agent`: a daemon assembled in reading order. Configuration, log, addresses, files, node, RPC port,
// joins; then it runs until a signal, and what is left is to leave gracefully or not.
//
// What it prints, in which order, and its exit codes are the original's
// (cmd/serf/command/agent/command.go): scripts wait for these lines. Any Error on the way ends the start;
// its text is the one sentence the operator gets. Next: agent/agent.ts, which is all this without a process
// around it.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CommandCall,
  defineCommand,
  type FlagTable,
  onSignals,
  type SignalName,
  SignalQueue,
  signalText,
  type Ui,
} from '@reeve/cli';
import { endpointText, type Metrics, type Runtime } from '@reeve/runtime';
import {
  collectStart,
  createDisk,
  createNodeRuntime,
  forgetMallocSettings,
  tuneForPackets,
} from '@reeve/runtime/node';
import { restoreFiles } from '@reeve/serf/agent';
import type { SerfConfig } from '@reeve/serf/core';
import { Agent } from '../../agent/agent.ts';
import { findAddresses } from '../../config/addresses.ts';
import { agentFlags } from '../../config/flags.ts';
import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import type { AgentConfig } from '../../config/schema.ts';
import { encryptionKey, serfConfig } from '../../config/serf-config.ts';
import { errorText } from '../../error-text.ts';
import { AgentLog } from '../../log/agent-log.ts';
import { invalidLogLevelText, parseLogLevel } from '../../log/log-level.ts';
import type { Syslog } from '../../log/syslog.ts';
import { Telemetry } from '../../telemetry/telemetry.ts';
import { whenResult } from '../../when-done.ts';

/** Runs an agent until a signal, or until it is told to leave. */
export const agentCommand = defineCommand({
  usage: 'serf agent [options]',
  about: `Runs a Serf agent: one node of a cluster. It ends on an interrupt, which makes the node leave the
    cluster first, or when it is told to leave.`,
  flags: agentFlags,
  notes: `Event handlers:

  An event handler is a script that the agent runs with /bin/sh when something
  happens in the cluster. -event-handler takes it in three forms:

  - "event.sh" is run for every event; it finds the kind of event in the
    variable SERF_EVENT.

  - "TYPE=join.sh" is run for one type of events: member-join, member-leave,
    member-failed, member-update, member-reap, user or query. Several types can
    be named, with commas between them.

  - "user:EVENT=deploy.sh" is run for user events of that name, and
    "query:NAME=load.sh" for queries of that name.

  A script that contains "=" needs a type before it; "*" stands for all.

  Instead of a script, "npm:PACKAGE" names a package and "module:FILE" a file
  that is a handler in JavaScript. In a configuration file a handler can have
  settings: time limit, retries, queue. Both are ours, not the original's; see
  docs/guides/handlers.md.`,
  prefixes: { output: '==> ', info: '    ', error: '==> ' },
  run: runAgent,
});

type AgentCall = CommandCall<FlagTable>;

async function runAgent(call: AgentCall): Promise<number> {
  const { ui } = call;
  tuneForPackets();
  forgetMallocSettings();
  try {
    const loaded = await loadConfig(call, createDisk());
    for (const warning of loaded.warnings) ui.output(warning);
    return await runObserved(loaded, call);
  } catch (error) {
    ui.error(errorText(error));
    return 1;
  }
}

// What looks on is there before the node and stays until it is gone.
async function runObserved(loaded: LoadedConfig, call: AgentCall): Promise<number> {
  const log = createLog(loaded.config, call.ui);
  const syslog = await openSyslog(loaded.config, log);
  const telemetry = new Telemetry(loaded.config, log.write);
  const dump = (): void => void call.io.stderr.write(telemetry.dump());
  const stopDumping = onSignals(call.io.signals, ['SIGUSR1'], dump);
  try {
    return await runNode(loaded, log, telemetry, call);
  } finally {
    stopDumping();
    await telemetry.close();
    await syslog?.close();
  }
}

async function openSyslog(config: AgentConfig, log: AgentLog): Promise<Syslog | undefined> {
  if (!config.enableSyslog) return undefined;
  const { Syslog } = await import('../../log/syslog.ts');
  return Syslog.open(log, config.syslogFacility).catch((cause) => {
    throw new Error(`Syslog setup failed: ${errorText(cause)}`, { cause });
  });
}

async function runNode(
  loaded: LoadedConfig,
  log: AgentLog,
  metrics: Metrics,
  call: AgentCall,
): Promise<number> {
  const { ui } = call;
  const agent = await startNode(loaded, createNodeRuntime({ log: log.write, metrics }), log, ui);
  // Before the first line that tells others we are there: they may answer it with a signal.
  const signals = new SignalQueue(call.io.signals, ['SIGINT', 'SIGTERM', 'SIGHUP']);
  const collection = setTimeout(collectStart, startSettledMs).unref();
  try {
    await startDiscovery(agent);
    await openPort(agent, ui);
    await joinAtStart(agent, ui);
    ui.info('');
    ui.output('Log data will now stream in as it occurs:\n');
    log.openGate();
    return await runUntilSignal(agent, signals, call);
  } finally {
    clearTimeout(collection);
    await agent.shutdown();
    signals.close();
  }
}

function createLog(config: AgentConfig, ui: Ui): AgentLog {
  const level = parseLogLevel(config.logLevel);
  if (level === undefined) throw new Error(invalidLogLevelText(config.logLevel));
  return new AgentLog(level, ui.info);
}

async function startNode(loaded: LoadedConfig, runtime: Runtime, log: AgentLog, ui: Ui): Promise<Agent> {
  const { config, handlers } = loaded;
  const addresses = await findAddresses(config, runtime.network);
  if (addresses.chosenInterface !== undefined)
    ui.output(`Using interface '${addresses.chosenInterface}' address '${addresses.bind.host}'`);
  const key = encryptionKey(config);
  const wanted = serfConfig(config, addresses);
  ui.output('Starting Serf agent...');
  const world = { disk: runtime.disk, log: log.write };
  const restored = whenResult<SerfConfig>((done) => restoreFiles(config, wanted, world, done));
  const serf = await restored.catch((cause) => {
    throw new Error(`Failed to setup the Serf agent: ${errorText(cause)}`, { cause });
  });
  return Agent.start({ config, handlers, serf, encryptionKey: key, runtime, log }).catch((cause) => {
    throw new Error(`Failed to start the Serf agent: ${errorText(cause)}`, { cause });
  });
}

async function startDiscovery(agent: Agent): Promise<void> {
  if (agent.config.discover === '') return;
  await agent.discover().catch((cause) => {
    throw new Error(`Error starting mDNS listener: ${errorText(cause)}`, { cause });
  });
}

async function openPort(agent: Agent, ui: Ui): Promise<void> {
  await agent.listen().catch((cause) => {
    throw new Error(`Error starting RPC listener: ${errorText(cause)}`, { cause });
  });
  ui.output('Starting Serf agent RPC...');
  ui.output('Serf agent running!');
  for (const line of banner(agent)) ui.info(line);
}

// The columns are the original's, the one that is out of line included.
function banner({ config, serf, isEncrypted }: Agent): string[] {
  const { bind, advertise } = serf.memberlist;
  return [
    `                  Node name: '${config.nodeName}'`,
    `                  Bind addr: '${endpointText(bind)}'`,
    ...(advertise === undefined ? [] : [`Advertise addr: '${endpointText(advertise)}'`]),
    `                   RPC addr: '${config.rpcAddress}'`,
    `                  Encrypted: ${isEncrypted}`,
    `                   Snapshot: ${config.snapshotPath !== ''}`,
    `                    Profile: ${config.profile}`,
    `Message Compression Enabled: ${config.enableCompression}`,
    ...(config.discover === '' ? [] : [`               mDNS cluster: ${config.discover}`]),
  ];
}

async function joinAtStart(agent: Agent, ui: Ui): Promise<void> {
  const { startJoin, replayOnJoin } = agent.config;
  if (startJoin.length === 0) return;
  ui.output(`Joining cluster...(replay: ${replayOnJoin})`);
  const joined = await agent.join(startJoin, replayOnJoin);
  ui.info(`Join completed. Synced with ${joined} initial agents`);
}

async function runUntilSignal(agent: Agent, signals: SignalQueue, call: AgentCall): Promise<number> {
  let stopRetrying = (): void => {};
  const end = new Promise<number>((resolve) => {
    void agent.stopped.then(() => resolve(0));
    if (agent.config.retryJoin.length > 0)
      stopRetrying = agent.retryJoin((outcome) => outcome === 'gave up' && resolve(1));
  });
  try {
    for (;;) {
      const next = await Promise.race([signals.next(), end]);
      if (typeof next === 'number') return next;
      call.ui.output(`Caught signal: ${signalText(next)}`);
      if (next !== 'SIGHUP') return isGraceful(next, agent.config) ? await leave(agent, signals, call.ui) : 1;
      await reload(agent, call);
    }
  } finally {
    stopRetrying();
  }
}

function isGraceful(signal: SignalName, { skipLeaveOnInterrupt, leaveOnTerminate }: AgentConfig): boolean {
  return signal === 'SIGINT' ? !skipLeaveOnInterrupt : leaveOnTerminate;
}

// The original gives a leave 3 s, less than the broadcasts inside may take, and then fails. Here it may
// take what its parts may take together: the intent and the goodbye a broadcast timeout each, and the wait
// for both to spread. A second signal still ends it at once.
async function leave(agent: Agent, signals: SignalQueue, ui: Ui): Promise<number> {
  ui.output('Gracefully shutting down agent...');
  const limit = new AbortController();
  const limitMs = 2 * agent.config.broadcastTimeoutMs + leaveExtraMs;
  try {
    return await Promise.race([
      agent.leave().then(() => 0),
      signals.next().then(() => 1),
      sleep(limitMs, 1, { signal: limit.signal }),
    ]);
  } catch (error) {
    ui.error(`Error: ${errorText(error)}`);
    return 1;
  } finally {
    limit.abort();
  }
}

async function reload(agent: Agent, call: AgentCall): Promise<void> {
  const { ui } = call;
  ui.output('Reloading configuration...');
  const loaded = await loadWithHandlers(agent, call).catch((error) => {
    ui.error(errorText(error));
    ui.error('Failed to reload configs');
  });
  if (!loaded) return;
  for (const warning of loaded.warnings) ui.output(warning);
  await agent.reload(withKnownLogLevel(loaded.config, agent.config, ui)).catch((error) => {
    ui.error(`Failed to update tags: ${errorText(error)}`);
  });
}

// Handlers first: they can be no good in more ways than can be read off a file, and then all stays as it was.
async function loadWithHandlers(agent: Agent, call: AgentCall): Promise<LoadedConfig> {
  const loaded = await loadConfig(call, createDisk());
  await agent.replaceHandlers(loaded.handlers);
  return loaded;
}

// A bad level is told, and everything else applied.
function withKnownLogLevel(wanted: AgentConfig, current: AgentConfig, ui: Ui): AgentConfig {
  if (parseLogLevel(wanted.logLevel) !== undefined) return wanted;
  ui.error(invalidLogLevelText(wanted.logLevel));
  return { ...wanted, logLevel: current.logLevel };
}

// The second that a leave waits for its messages to spread, and one to spare.
const leaveExtraMs = 2_000;
// By then an agent has joined, and told and heard what there was.
const startSettledMs = 10_000;
