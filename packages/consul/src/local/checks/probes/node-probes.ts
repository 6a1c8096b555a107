// The probes of an agent on a real machine.

import type { Network } from '@reeve/runtime';
import type { Probes } from '../probe.ts';
import { grpcProbe } from './grpc-probe.ts';
import { type CheckTls, httpProbe } from './http-probe.ts';
import { scriptProbe } from './script-probe.ts';
import { tcpProbe } from './tcp-probe.ts';

/** Probes that start programs and open sockets. */
export function createNodeProbes(network: Network, tls: CheckTls = usualTls): Probes {
  return {
    script: scriptProbe,
    http: (type, outputBytesMax) => httpProbe(network, tls, type, outputBytesMax),
    tcp: (type) => tcpProbe(network, type),
    grpc: (type) => grpcProbe(network, tls, type),
  };
}

/** The system's authorities, no certificate of our own. */
const usualTls: CheckTls = ({ tlsSkipVerify }) => ({ rejectUnauthorized: !tlsSkipVerify });
