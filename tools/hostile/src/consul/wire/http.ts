// Requests as bytes.

/** A request with its length. */
export function httpRequest(
  method: string,
  target: string,
  body: Uint8Array | string = '',
  headers = '',
): Buffer {
  const bytes = Buffer.from(body as Uint8Array);
  const length = bytes.length === 0 && method === 'GET' ? '' : `Content-Length: ${bytes.length}\r\n`;
  return Buffer.concat([Buffer.from(`${head(method, target)}${length}${headers}\r\n`, 'latin1'), bytes]);
}

/** The beginning of a request, up to where further headers go. */
export function head(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\n`;
}

/** A request that says that its body has so many bytes, and has not. */
export function promisedBody(method: string, target: string, length: number | string, body = ''): Buffer {
  return Buffer.from(`${head(method, target)}Content-Length: ${length}\r\n\r\n${body}`, 'latin1');
}
