// From an agent's configuration to what an agent is made of: server, HTTP, DNS, its own services and checks,
// a file each. consul.md 6.2, 8.1, 8.4.

import type { Runtime } from '@reeve/runtime';
import type { RuntimeConfig } from '../../config/runtime-config.ts';
import type { ConsulAgentOptions, Reconfiguration } from '../consul-agent-options.ts';
import { dnsOptions, dnsSettings } from './dns-options.ts';
import { findGossipKeys } from './gossip-keys.ts';
import { httpOptions } from './http-options.ts';
import { localParts, ownNode } from './local-options.ts';
import { type AgentSurroundings, serverOptions } from './server-options.ts';

/** The parts of an agent that a configuration decides; rejects if a recursor has no address. */
export async function agentOptions(
  config: RuntimeConfig,
  surroundings: AgentSurroundings,
): Promise<Omit<ConsulAgentOptions, 'log' | 'metrics' | 'debugConfig' | 'reload' | 'onJoined' | 'onLeft'>> {
  const { identity } = config;
  const keys = await findGossipKeys(config, surroundings.runtime).catch((error: Error) => {
    throw new Error(`Failed to configure keyring: ${error.message}`, { cause: error });
  });
  return {
    server: serverOptions(config, surroundings, keys),
    local: localParts(config, surroundings.runtime, surroundings.nodeId),
    callRate: config.rpc,
    runsRemoteCommands: !config.sync.disableRemoteExec,
    identity: {
      datacenter: identity.datacenter,
      nodeName: identity.nodeName,
      nodeId: surroundings.nodeId,
      revision: identity.revision,
      isServer: true,
      version: identity.version,
    },
    http: httpOptions(config),
    dns: await dnsOptions(config, surroundings.runtime),
  };
}

/** What of a configuration an agent takes over while it runs; rejects if a recursor has no address. */
export async function reconfiguration(
  config: RuntimeConfig,
  runtime: Runtime,
  nodeId: string,
): Promise<Reconfiguration> {
  const { definitions, rpc, http } = config;
  return {
    definitions,
    node: ownNode(config, nodeId),
    callRate: rpc,
    connectionsPerClientMax: http.connsPerClientMax,
    dns: await dnsSettings(config, runtime).catch((error: Error) => {
      throw new Error(`Failed reloading dns config : ${error.message}`, { cause: error });
    }),
  };
}
