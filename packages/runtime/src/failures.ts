// Builds the errors of sockets and files in the original's words; shared by `node/` and `virtual/`.
//
// Mirrors Go's net.OpError (`op net source->address: call: reason`) and os.PathError (`op path: reason`).

import { DiskError } from './disk.ts';
import { errnoText } from './errno.ts';
import { type Endpoint, endpointText, NetworkError } from './network.ts';

/** `listen tcp 127.0.7.32:7946: bind: address already in use`. */
export function bindFailure(
  network: 'tcp' | 'udp',
  at: Endpoint,
  code: string,
  cause?: unknown,
): NetworkError {
  return failure(code, `listen ${network} ${endpointText(at)}: bind: ${errnoText(code)}`, cause);
}

/** `listen unix /run/consul.sock: bind: no such file or directory`. */
export function pathFailure(path: string, code: string, cause?: unknown): NetworkError {
  return failure(code, `listen unix ${path}: bind: ${errnoText(code)}`, cause);
}

/** `accept tcp 127.0.0.1:7946: accept4: too many open files`. */
export function acceptFailure(at: Endpoint, code: string, cause?: unknown): NetworkError {
  return failure(code, `accept tcp ${endpointText(at)}: accept4: ${errnoText(code)}`, cause);
}

/** `read udp 127.0.0.1:7946: recvfrom: no buffer space available`. */
export function receiveFailure(at: Endpoint, code: string, cause?: unknown): NetworkError {
  return failure(code, `read udp ${endpointText(at)}: recvfrom: ${errnoText(code)}`, cause);
}

/** `dial tcp 127.0.0.1:1: connect: connection refused`. */
export function dialFailure(to: Endpoint, code: string, cause?: unknown): NetworkError {
  return failure(code, `dial tcp ${endpointText(to)}: connect: ${errnoText(code)}`, cause);
}

/** `dial tcp 10.0.0.1:7946: i/o timeout`: our own deadline, not the system's. */
export function dialTimeout(to: Endpoint): NetworkError {
  return failure('ETIMEDOUT', `dial tcp ${endpointText(to)}: i/o timeout`);
}

/** `write udp 127.0.0.1:7946->10.0.0.1:7946: sendto: message too long`. */
export function sendFailure(from: Endpoint, to: Endpoint, code: string, cause?: unknown): NetworkError {
  const path = `${endpointText(from)}->${endpointText(to)}`;
  return failure(code, `write udp ${path}: sendto: ${errnoText(code)}`, cause);
}

/**
 * `write udp 127.0.0.1:7946->[::1]:7946: address ::1: non-IPv4 address`: an IPv4 socket cannot send there.
 */
export function familyFailure(from: Endpoint, to: Endpoint): NetworkError {
  const path = `${endpointText(from)}->${endpointText(to)}`;
  return failure('EAFNOSUPPORT', `write udp ${path}: address ${to.host}: non-IPv4 address`);
}

/** `read tcp 10.0.0.1:40000->10.0.0.2:7946: read: connection reset by peer`, or the same of `write`. */
export function streamFailure(
  call: 'read' | 'write',
  local: Endpoint,
  remote: Endpoint,
  code: string,
  cause?: unknown,
): NetworkError {
  const path = `${endpointText(local)}->${endpointText(remote)}`;
  return failure(code, `${call} tcp ${path}: ${call}: ${errnoText(code)}`, cause);
}

/** `open /nonexistent/x: no such file or directory`. */
export function fileFailure(call: string, path: string, code: string, cause?: unknown): DiskError {
  return new DiskError(code, `${call} ${path}: ${errnoText(code)}`, withCause(cause));
}

/** `write /x: file already closed`: the caller went on using a file it had closed. */
export function closedFileFailure(call: string, path: string): DiskError {
  return new DiskError('EBADF', `${call} ${path}: file already closed`);
}

function failure(code: string, message: string, cause?: unknown): NetworkError {
  return new NetworkError(code, message, withCause(cause));
}

function withCause(cause: unknown): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause };
}
