// What Go says of files that cannot be used.

/** The text of a failed call: `open conf.json: no such file or directory`. */
export function openError(path: string, error: unknown, call = 'open'): string {
  return `${call} ${path}: ${systemErrorText(error)}`;
}

/** What the system calls a failure, in the words of its C library. */
export function systemErrorText(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return texts.get(code) ?? message;
}

const texts = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['EISDIR', 'is a directory'],
  ['ENOTDIR', 'not a directory'],
  ['ENOSPC', 'no space left on device'],
  ['EROFS', 'read-only file system'],
  ['EMFILE', 'too many open files'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset by peer'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'network is unreachable'],
  ['ETIMEDOUT', 'connection timed out'],
  ['EADDRNOTAVAIL', 'cannot assign requested address'],
  ['EPIPE', 'broken pipe'],
  ['ENOEXEC', 'exec format error'],
]);
