// From the endpoint that a socket is asked for to the one it gets.
//
// `0.0.0.0` means IPv6 too, as in the original: Go binds such sockets to `::` and lets them speak IPv4 as
// well. An agent with default settings may well advertise an IPv6 address. Next: packets.ts, streams.ts.

import { bindFailure } from '../failures.ts';
import type { Endpoint, NetworkError, Result } from '../network.ts';
import { isEndpoint } from './addresses.ts';
import { errorCode } from './system-error.ts';

/** Opens a socket on an address and calls one of the two, later. */
export type OpenSocket<T> = (
  host: string,
  onOpen: (socket: T) => void,
  onError: (error: unknown) => void,
) => void;

/** Binds with `open` and answers in the contract's terms. */
export function bindSocket<T>(
  network: 'tcp' | 'udp',
  at: Endpoint,
  open: OpenSocket<T>,
  done: (result: Result<T, NetworkError>) => void,
): void {
  const onOpen = (value: T) => done({ ok: true, value });
  const onError = (error: unknown) =>
    done({ ok: false, error: bindFailure(network, at, errorCode(error), error) });
  if (!isEndpoint(at)) {
    process.nextTick(done, { ok: false, error: bindFailure(network, at, 'EINVAL') });
  } else if (at.host === allIPv4) {
    open(all, onOpen, (error) =>
      errorCode(error) === 'EAFNOSUPPORT' ? open(allIPv4, onOpen, onError) : onError(error),
    );
  } else {
    open(at.host, onOpen, onError);
  }
}

const allIPv4 = '0.0.0.0';
const all = '::';
