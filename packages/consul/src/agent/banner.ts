// What an agent says before its log begins. Upstream: command/agent/agent.go.

import type { RuntimeConfig } from '../config/runtime-config.ts';

/** The lines between `==> Starting Consul agent...` and the log. */
export function bannerLines(config: RuntimeConfig, nodeId: string): readonly string[] {
  const { identity, serverMode, bootstrap, addresses, ports, gossip } = config;
  const clientPorts = `HTTP: ${ports.http}, HTTPS: ${ports.https}, gRPC: ${ports.grpc}, DNS: ${ports.dns}`;
  const encrypts = `Gossip: ${gossip.encryptKey !== ''}, TLS-Outgoing: false, TLS-Incoming: false`;
  const rows: readonly (readonly [string, string])[] = [
    ['Version', `'${identity.version}'`],
    ['Node ID', `'${nodeId}'`],
    ['Node name', `'${identity.nodeName}'`],
    ['Datacenter', `'${identity.datacenter}' (Segment: '${serverMode ? '<all>' : ''}')`],
    ['Server', `${serverMode} (Bootstrap: ${bootstrap})`],
    ['Client Addr', `[${addresses.client.join(' ')}] (${clientPorts})`],
    ['Cluster Addr', `${addresses.advertiseLan} (LAN: ${ports.serfLan}, WAN: ${ports.serfWan})`],
    ['Encrypt', `${encrypts}, Auto-Encrypt-TLS: false`],
  ];
  return rows.map(([name, value]) => `${name.padStart(nameColumns)}: ${value}`);
}

const nameColumns = 14;
