// From an agent's configuration to its own services and checks.

import type { Runtime } from '@reeve/runtime';
import type { RuntimeConfig } from '../../config/runtime-config.ts';
import { defaultSyncTimings } from '../../local/anti-entropy/anti-entropy.ts';
import type { OwnNode } from '../../local/anti-entropy/sync-context.ts';
import { createNodeProbes } from '../../local/checks/probes/node-probes.ts';
import type { LocalAgentOptions } from '../../local/local-agent.ts';
import { createFolders } from '../../local/persistence/registration-files.ts';
import type { Definitions } from '../../local/registrations/load-registrations.ts';

/** What a configuration says about services and checks. */
export interface LocalParts
  extends Pick<LocalAgentOptions, 'node' | 'tokens' | 'probes' | 'folders' | 'settings'> {
  readonly definitions: Definitions;
}

/** The parts of an agent that are about its own. */
export function localParts(config: RuntimeConfig, { network }: Runtime, nodeId: string): LocalParts {
  const { identity, definitions, sync } = config;
  return {
    node: ownNode(config, nodeId),
    tokens: { agent: '', user: '' },
    probes: createNodeProbes(network),
    folders: identity.dataDir === '' ? undefined : createFolders(identity.dataDir),
    definitions,
    settings: {
      nodeName: identity.nodeName,
      runsLocalScripts: definitions.enableLocalScriptChecks,
      runsRemoteScripts: definitions.enableRemoteScriptChecks,
      deregisterMsMin: definitions.checkDeregisterIntervalMinMs,
      reapIntervalMs: definitions.checkReapIntervalMs,
      checkUpdateIntervalMs: definitions.checkUpdateIntervalMs,
      discardsOutput: definitions.discardCheckOutput,
      outputBytesMax: definitions.checkOutputBytesMax,
      syncTimings: { ...defaultSyncTimings, intervalMs: sync.antiEntropyIntervalMs },
    },
  };
}

/** An agent's node as the catalog is to have it. */
export function ownNode({ identity, addresses }: RuntimeConfig, nodeId: string): OwnNode {
  return {
    id: nodeId,
    name: identity.nodeName,
    address: addresses.advertiseLan,
    taggedAddresses: addresses.tagged,
    meta: new Map([...identity.nodeMeta, ['consul-network-segment', '']]),
  };
}
