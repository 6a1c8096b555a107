// An agent in one call, for programs that embed it. The command takes the same steps one by one, because it
// tells its operator about them. Next: agent.ts.

import { hostname } from 'node:os';
import type { Runtime } from '@reeve/runtime';
import { restoreFiles } from '@reeve/serf/agent';
import type { SerfConfig } from '@reeve/serf/core';
import { findAddresses } from '../config/addresses.ts';
import { initialConfig } from '../config/merge.ts';
import type { AgentConfig } from '../config/schema.ts';
import { encryptionKey, serfConfig } from '../config/serf-config.ts';
import { planHandlers } from '../event-handlers/handler-entry.ts';
import type { AgentLog } from '../log/agent-log.ts';
import { whenResult } from '../when-done.ts';
import { Agent } from './agent.ts';

/**
 * Starts an agent with these settings; what they leave out is as in the original. It joins nobody and opens
 * no RPC port; `join`, `discover` and `listen` do. Where its log and numbers go is up to `log` and `runtime`,
 * whatever the settings say of syslog and statsd. Rejects with a text for the operator if it cannot start.
 *
 * ```ts
 * const log = new AgentLog('info', console.log);
 * const runtime = createNodeRuntime({ log: log.write });
 * const agent = await startAgent({ nodeName: 'web1', bind: '10.0.0.1' }, runtime, log);
 * agent.onEvent((event) => console.log(event.kind));
 * ```
 */
export async function startAgent(
  settings: Partial<AgentConfig>,
  runtime: Runtime,
  log: AgentLog,
): Promise<Agent> {
  const config: AgentConfig = { ...initialConfig(), nodeName: hostname(), ...settings };
  const handlers = planHandlers(config.eventHandlers);
  const wanted = serfConfig(config, await findAddresses(config, runtime.network));
  const world = { disk: runtime.disk, log: log.write };
  const serf = await whenResult<SerfConfig>((done) => restoreFiles(config, wanted, world, done));
  return Agent.start({ config, handlers, serf, encryptionKey: encryptionKey(config), runtime, log });
}
