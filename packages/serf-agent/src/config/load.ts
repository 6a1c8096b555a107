// The configuration of an agent, from its command line. Later sources win: defaults, the files and
// directories in the order of their flags, all other flags.
//
// Wrong values end here, before anything is started, each with the original's one sentence.
// Upstream: cmd/serf/command/agent/command.go (readConfig). Next: schema.ts for the settings themselves.

import { hostname } from 'node:os';
import type { FlagTable, ParsedFlags } from '@reeve/cli';
import type { Disk } from '@reeve/runtime';
import { interfaceAddresses } from '@reeve/runtime/node';
import { errorText } from '../error-text.ts';
import { type HandlerPlan, planHandlers } from '../event-handlers/handler-entry.ts';
import { readConfigPaths } from './files.ts';
import { configPaths, flagLayer } from './flags.ts';
import { initialConfig, mergeConfig } from './merge.ts';
import type { AgentConfig, ConfigLayer } from './schema.ts';

/** A configuration that can be run. */
export interface LoadedConfig {
  readonly config: AgentConfig;
  /** The handlers of `config.eventHandlers`. */
  readonly handlers: HandlerPlan;
  /** What the operator should be told before the agent starts. */
  readonly warnings: readonly string[];
}

/** Reads all sources. @throws Error whose text is for the operator. */
export async function loadConfig(flags: ParsedFlags<FlagTable>, disk: Disk): Promise<LoadedConfig> {
  const fromFlags = readFlags(flags);
  const layers = [...(await readConfigPaths(configPaths(flags), disk)), fromFlags];
  const config = layers.reduce(mergeConfig, initialConfig());
  const handlers = planHandlers(config.eventHandlers);
  checkDiscovery(config);
  return { handlers, ...settle(config) };
}

function readFlags(flags: ParsedFlags<FlagTable>): ConfigLayer {
  try {
    return flagLayer(flags);
  } catch (cause) {
    throw new Error(`Error: ${errorText(cause)}`, { cause });
  }
}

function checkDiscovery({ discover, mdnsInterface, mdnsDisableIpv4, mdnsDisableIpv6 }: AgentConfig): void {
  if (mdnsInterface !== '' && discover === '')
    throw new Error('mDNS interface specified without enabling mDNS discovery');
  if (mdnsInterface !== '' && interfaceAddresses(mdnsInterface) === undefined)
    throw new Error('Invalid mDNS network interface: route ip+net: no such network interface');
  if (discover !== '' && mdnsDisableIpv4 && mdnsDisableIpv6)
    throw new Error('Invalid mDNS configuration: both IPv4 and IPv6 are disabled');
}

// Fills in what depends on the machine or on other settings.
function settle(config: AgentConfig): { config: AgentConfig; warnings: string[] } {
  const warnings: string[] = [];
  const atLeastASecond = (valueMs: number, name: string): number => {
    if (valueMs >= 1000) return valueMs;
    warnings.push(`Warning: '${name}' is too low. Setting to 1s`);
    return 1000;
  };
  if (config.role !== '') warnings.push("Deprecation warning: 'Role' has been replaced with 'Tags'");
  const settled: AgentConfig = {
    ...config,
    nodeName: config.nodeName || hostname(),
    tags: config.role === '' ? config.tags : new Map([...config.tags, ['role', config.role]]),
    retryIntervalMs: atLeastASecond(config.retryIntervalMs, 'RetryInterval'),
    broadcastTimeoutMs: atLeastASecond(config.broadcastTimeoutMs, 'BroadcastTimeout'),
  };
  if (config.rejoinAfterLeave && config.snapshotPath === '')
    warnings.push("Warning: 'RejoinAfterLeave' enabled without snapshot file");
  return { config: settled, warnings };
}
