// `consul agent`: configuration, log, node id; then the agent runs to its end (agent-run.ts). What it prints,
// in which order, and its exit codes are the original's (command/agent/agent.go): test suites wait for these
// lines.

import { onSignals, type Ui } from '@reeve/cli';
import type { Runtime } from '@reeve/runtime';
import { createDisk, createNodeRuntime } from '@reeve/runtime/node';
import { ConfigError } from '../config/config-error.ts';
import { thisHost } from '../config/host.ts';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../config/load.ts';
import type { RuntimeConfig } from '../config/runtime-config.ts';
import type { AgentLog } from '../log/agent-log.ts';
import { openLog } from '../log/open-log.ts';
import { AgentMetrics } from './agent-metrics.ts';
import { type AgentProcess, AgentRun } from './agent-run.ts';
import { bannerLines } from './banner.ts';
import { makeDirectory } from './data-directory/make-directory.ts';
import { findNodeId } from './data-directory/node-id.ts';
import { hostId } from './host-info/host-id.ts';

/** Runs an agent to its end; the result is the exit code. */
export async function runAgent(request: () => ConfigRequest, around: AgentProcess): Promise<number> {
  const { ui, env, signals } = around;
  const load = () => loadConfig(request(), createDisk(), thisHost());
  try {
    const loaded = await load();
    refuseClient(loaded.config);
    const { log, close } = await openLog(loaded.config.log, ui.info);
    const metrics = new AgentMetrics(loaded.config.metricsPrefix);
    const stopDumping = onSignals(signals, ['SIGUSR1'], () => around.dump(metrics.dump()));
    const runtime = createNodeRuntime({ log: log.write, metrics });
    const nodeId = await nodeIdOf(loaded.config, runtime);
    const speech = loaded.config.log.json ? silence : ui;
    announce(loaded, nodeId, speech, log);
    const { config } = loaded;
    const run = new AgentRun({ config, load, nodeId, runtime, log, metrics, ui: speech, env, signals });
    const code = await run.toTheEnd();
    log.write('info', `agent: Exit code: code=${code}`);
    stopDumping();
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

function announce({ config, warnings }: LoadedConfig, nodeId: string, ui: Ui, log: AgentLog): void {
  ui.output('Starting Consul agent...');
  for (const line of bannerLines(config, nodeId)) ui.info(line);
  ui.output('');
  ui.output('Log data will now stream in as it occurs:\n');
  // Twice: upstream reads the configuration for its log first, and then for the agent.
  for (const part of ['agent', 'agent.auto_config'])
    for (const warning of warnings) log.write('warn', `${part}: ${warning}`);
}

/** Of an agent whose log is JSON, stdout has nothing else. */
const silence: Ui = { output: () => {}, info: () => {}, error: () => {} };
