// Requests as bytes, made before a load begins.

/** A GET of this path with its query. */
export function getRequest(host: string, path: string): Uint8Array {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'latin1');
}

/** A PUT of this body. */
export function putRequest(host: string, path: string, body: string): Uint8Array {
  const head = `PUT ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

/** A DNS query without EDNS, as the resolver of a C library sends it. */
export function dnsQuery(name: string, type: DnsType): Uint8Array {
  const head = Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]); // recursion desired, one question
  const labels = name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, dnsTypes[type], 0, 1])]);
}

/** What can be asked for. */
export type DnsType = keyof typeof dnsTypes;

const dnsTypes = { A: 1, SRV: 33 } as const;
