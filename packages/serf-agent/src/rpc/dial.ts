// Connects to an agent's RPC port, trying each address of a name. Error texts are Go's (`dial tcp …`).

import type { Endpoint, Stream, StreamHandler } from '@reeve/runtime';
import type { Dialer } from '@reeve/runtime/node';
import { parseHostPort } from '../host-port.ts';

/**
 * Resolves with an open stream, or rejects with why the first address could not be reached. An empty host
 * means this machine. The handler hears of the stream's data and end, and of nothing before it is open.
 */
export async function dialAddress(
  network: Dialer,
  address: string,
  timeoutMs: number,
  handler: Pick<StreamHandler, 'onData' | 'onClosed'>,
): Promise<Stream> {
  let firstError: unknown;
  for (const endpoint of await resolve(network, address)) {
    try {
      return await dial(network, endpoint, timeoutMs, handler);
    } catch (error) {
      firstError ??= error;
    }
  }
  throw firstError;
}

async function resolve(network: Dialer, address: string): Promise<Endpoint[]> {
  try {
    if (address === '') throw new Error('missing address');
    const { host, port } = parseHostPort(address);
    const hosts = await resolveHost(network, host === '' ? 'localhost' : host);
    const isIpv6 = (each: string): number => (each.includes(':') ? 1 : 0);
    return hosts.toSorted((a, b) => isIpv6(a) - isIpv6(b)).map((each) => ({ host: each, port }));
  } catch (error) {
    throw new Error(`dial tcp: ${(error as Error).message}`, { cause: error });
  }
}

function resolveHost(network: Dialer, host: string): Promise<readonly string[]> {
  return new Promise((succeed, fail) => {
    network.resolve(host, (result) => {
      if (!result.ok) fail(result.error);
      else if (result.value.length === 0) fail(new Error(`lookup ${host}: no such host`));
      else succeed(result.value);
    });
  });
}

function dial(
  network: Dialer,
  to: Endpoint,
  timeoutMs: number,
  handler: Pick<StreamHandler, 'onData' | 'onClosed'>,
): Promise<Stream> {
  return new Promise((succeed, fail) => {
    let isOpen = false;
    const stream = network.dial(to, timeoutMs, {
      onOpen: () => {
        isOpen = true;
        succeed(stream);
      },
      onData: (chunk) => handler.onData(chunk),
      onEnd: () => stream.end(),
      onClosed: (error) => {
        if (isOpen) handler.onClosed(error);
        else fail(error ?? new Error('dial tcp: connection closed'));
      },
    });
  });
}
