// The operating system's error names and how the original prints them (`connect: connection refused`).
//
// Go prints the C library's strerror text, lower case, behind the operation, the network and the addresses; a
// script that looks for "connection refused" must find it here too. Used by `node/`, `virtual/` and programs,
// which would otherwise drift apart.

/** The text of an error name; the name itself when it is not one we know. */
export function errnoText(code: string): string {
  return texts.get(code) ?? code;
}

/** The text of what Node has thrown; its own words where the system has none for it. */
export function systemErrorText(error: unknown): string {
  const { code = '', message } = error as Error & { readonly code?: string };
  return texts.get(code) ?? message;
}

/** The text of a failed call on a file: `open conf.json: no such file or directory`. */
export function openError(path: string, error: unknown, call = 'open'): string {
  return `${call} ${path}: ${systemErrorText(error)}`;
}

const texts: ReadonlyMap<string, string> = new Map([
  ['E2BIG', 'argument list too long'],
  ['EACCES', 'permission denied'],
  ['EADDRINUSE', 'address already in use'],
  ['EADDRNOTAVAIL', 'cannot assign requested address'],
  ['EAFNOSUPPORT', 'address family not supported by protocol'],
  ['EAGAIN', 'resource temporarily unavailable'],
  ['EBADF', 'bad file descriptor'],
  ['EBUSY', 'device or resource busy'],
  ['ECONNABORTED', 'software caused connection abort'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset by peer'],
  ['EDQUOT', 'disk quota exceeded'],
  ['EEXIST', 'file exists'],
  ['EFBIG', 'file too large'],
  ['EHOSTDOWN', 'host is down'],
  ['EHOSTUNREACH', 'no route to host'],
  ['EINVAL', 'invalid argument'],
  ['EIO', 'input/output error'],
  ['EISDIR', 'is a directory'],
  ['ELOOP', 'too many levels of symbolic links'],
  ['EMFILE', 'too many open files'],
  ['EMSGSIZE', 'message too long'],
  ['ENAMETOOLONG', 'file name too long'],
  ['ENETDOWN', 'network is down'],
  ['ENETUNREACH', 'network is unreachable'],
  ['ENFILE', 'too many open files in system'],
  ['ENOBUFS', 'no buffer space available'],
  ['ENODEV', 'no such device'],
  ['ENOENT', 'no such file or directory'],
  ['ENOEXEC', 'exec format error'],
  ['ENOMEM', 'cannot allocate memory'],
  ['ENOSPC', 'no space left on device'],
  ['ENOTCONN', 'transport endpoint is not connected'],
  ['ENOTDIR', 'not a directory'],
  ['ENOTSOCK', 'socket operation on non-socket'],
  ['EPERM', 'operation not permitted'],
  ['EPIPE', 'broken pipe'],
  ['EPROTONOSUPPORT', 'protocol not supported'],
  ['EROFS', 'read-only file system'],
  ['ETIMEDOUT', 'connection timed out'],
  ['ETXTBSY', 'text file busy'],
  ['EXDEV', 'invalid cross-device link'],
]);
