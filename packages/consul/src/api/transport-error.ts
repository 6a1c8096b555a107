// Why there is no answer, as Go's net and net/http say it.

import { endpointText, systemErrorText } from '@reeve/runtime';

/** There was no answer. The message is Go's: `Get "http://…": dial tcp 127.0.0.1:1: connect: …`. */
export class TransportError extends Error {
  override name = 'TransportError';
}

/** Words for a failed request; `dialed` is the host, or the path of the socket, that was to be reached. */
export function transportError(
  method: string,
  url: string,
  dialed: { readonly host: string; readonly isSocket: boolean },
  cause: Error,
): TransportError {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  return new TransportError(`${verb} "${url}": ${reasonOf(dialed, cause)}`, { cause });
}

function reasonOf({ host, isSocket }: { host: string; isSocket: boolean }, cause: Error): string {
  // Several addresses of a name: Go tells of the first.
  const first = cause instanceof AggregateError ? (cause.errors[0] as Error) : cause;
  const {
    syscall,
    code,
    address,
    port = 0,
  } = first as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (syscall === 'getaddrinfo') return `dial tcp: lookup ${host}: no such host`;
  if (syscall === 'connect' && isSocket) return `dial unix ${host}: connect: ${systemErrorText(first)}`;
  if (syscall === 'connect' && address !== undefined) {
    return `dial tcp ${endpointText({ host: address, port })}: connect: ${systemErrorText(first)}`;
  }
  if (code === 'ECONNRESET' && syscall === undefined) return 'EOF'; // closed without an answer
  if (code === 'EPROTO' && first.message.includes('wrong version number')) return plainResponse;
  if (code?.startsWith('HPE_') === true) return brokenResponse;
  return systemErrorText(first);
}

const plainResponse = 'http: server gave HTTP response to HTTPS client';
const brokenResponse = 'net/http: HTTP/1.x transport connection broken: malformed HTTP response';
