// What agents in tests are set to, where a test wants nothing else.

import type { RequestWatcher } from '../../dist/http/request-watcher.js';
import type { HttpSettings } from '../../dist/http/respond.js';
import { defaultSyncTimings } from '../../dist/local/anti-entropy/anti-entropy.js';
import type { LocalAgentSettings } from '../../dist/local/local-agent.js';
import type { PortLimits } from '../../dist/rpc/server-port.js';
import { defaultAutopilotConfig } from '../../dist/server/autopilot-config.js';
import type { ServerSettings } from '../../dist/server/server-context.js';

/** Of HTTP. */
export const usualHttpSettings: HttpSettings = {
  responseHeaders: [],
  blockEndpoints: [],
  mayWrite: undefined,
  refusesUnprintable: true,
  translatesAddresses: false,
  alwaysPretty: false,
  uiPath: undefined,
};

/** Nobody looks at requests. */
export const unwatched: RequestWatcher = { onError() {}, onRequest: () => () => {} };

/** Of a node's own services and checks. */
export function usualLocalSettings(nodeName: string): LocalAgentSettings {
  return {
    nodeName,
    runsLocalScripts: true,
    runsRemoteScripts: true,
    deregisterMsMin: 60_000,
    reapIntervalMs: 30_000,
    checkUpdateIntervalMs: 300_000,
    discardsOutput: false,
    outputBytesMax: 4_096,
    syncTimings: defaultSyncTimings,
  };
}

/** Of a server. */
export const usualServerSettings: ServerSettings = {
  rpcHoldTimeoutMs: 7_000,
  defaultQueryTimeMs: 300_000,
  maxQueryTimeMs: 600_000,
  sessionTtlMinMs: 10_000,
  autopilot: defaultAutopilotConfig,
  leaveDrainTimeMs: 5_000,
};

/** Of a server's port. */
export const usualPortLimits: PortLimits = { handshakeTimeoutMs: 5_000, connectionsPerClientMax: 100 };
