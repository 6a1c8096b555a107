// How HTTP listens and answers, as a configuration says it.

import { isInNetworks } from '../../config/networks.ts';
import type { ListenAddress, RuntimeConfig } from '../../config/runtime-config.ts';
import type { HttpSettings } from '../../http/respond.ts';
import type { ConsulAgentOptions, HttpAddress } from '../consul-agent-options.ts';

/** The parts of HTTP. */
export function httpOptions(config: RuntimeConfig): ConsulAgentOptions['http'] {
  const { identity, http, addresses } = config;
  return {
    at: addresses.http.map(httpAddress),
    settings: httpSettings(config),
    limits: { recordBytesMax, kvValueBytesMax: http.kvValueBytesMax, txnBytesMax: http.txnBytesMax },
    defaults: {
      datacenter: identity.datacenter,
      nodeName: identity.nodeName,
      token: '',
      discoveryMaxStaleNs: http.discoveryMaxStaleMs * nsPerMs,
    },
    connectionsPerClientMax: http.connsPerClientMax,
    usesCache: http.useCache,
  };
}

function httpSettings({ http, addresses, devMode }: RuntimeConfig): HttpSettings {
  const { allowWriteFrom } = http;
  return {
    responseHeaders: [...http.responseHeaders],
    blockEndpoints: http.blockEndpoints,
    mayWrite: allowWriteFrom.length === 0 ? undefined : (host) => isInNetworks(host, allowWriteFrom),
    refusesUnprintable: !http.disableUnprintableCharFilter,
    translatesAddresses: addresses.translateWan,
    alwaysPretty: devMode,
    uiPath: undefined,
  };
}

function httpAddress(at: ListenAddress): HttpAddress {
  return at.network === 'unix' ? { path: at.path } : { host: at.host, port: at.port };
}

/**
 * Ours; upstream takes bodies of any size here. A body is read in one turn of the event loop, and of entries
 * of more than half of this upstream's servers warn (raftWarnSize).
 */
const recordBytesMax = 2 * 1024 * 1024;
const nsPerMs = 1e6;
