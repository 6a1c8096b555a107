// Whether something takes connections. Upstream: agent/checks/check.go (CheckTCP), Go's net.Dialer.

import { AddressError, type Endpoint, type Network, type Stream, splitHostPort } from '@reeve/runtime';
import type { CheckType } from '../../../definitions/check-type.ts';
import { type Probe, timeoutMsOf } from '../probe.ts';

/** The probe of a TCP check. Of a name's addresses the first one that takes a connection will do. */
export function tcpProbe(network: Network, type: CheckType): Probe {
  return (done) => {
    let stream: Stream | undefined;
    let isGivenUp = false;
    const fail = (output: string) => {
      const text = 'Check socket connection failed';
      const trouble = { level: 'warn', text, fields: { error: output } } as const;
      if (!isGivenUp) done({ status: 'critical', output, trouble });
    };
    const dial = ([host, ...others]: readonly string[], port: number, firstFailure?: string) => {
      if (isGivenUp) return;
      if (host === undefined) return fail(firstFailure ?? `dial tcp: lookup ${type.tcp}: no such host`);
      stream = network.dial({ host, port }, timeoutMsOf(type, timeoutMs), {
        onOpen: () => {
          stream?.destroy();
          done({ status: 'passing', output: `TCP connect ${type.tcp}: Success` });
        },
        onData: () => {},
        onEnd: () => {},
        onClosed: (error) => dial(others, port, firstFailure ?? error?.message ?? ''),
      });
    };
    try {
      const { host, port } = parseEndpoint(type.tcp);
      network.resolve(host, (found) => {
        if (found.ok) dial(found.value, port);
        else fail(`dial tcp: ${found.error.message}`);
      });
    } catch (error) {
      setImmediate(fail, `dial tcp: ${(error as Error).message}`); // a probe is not done before it has begun
    }
    return () => {
      isGivenUp = true;
      stream?.destroy();
    };
  };
}

/**
 * Takes an address apart. No host is this machine.
 * @throws AddressError in Go's words
 */
export function parseEndpoint(address: string): Endpoint {
  const { host, port } = splitHostPort(address);
  if (!/^\d+$/.test(port)) throw new AddressError(`address tcp/${port}: unknown port`);
  if (Number(port) > portMax) throw new AddressError(`address ${port}: invalid port`);
  return { host: host === '' ? '127.0.0.1' : host, port: Number(port) };
}

const portMax = 65_535;
const timeoutMs = 10_000;
