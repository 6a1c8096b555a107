// Addresses as people write them, `host:port` or `[v6]:port`, taken apart by the rules of Go's net package
// (SplitHostPort) and refused in its words, which operators see.

/** The two parts of an address, as they are written. */
export interface HostPort {
  /** A name or an address, without brackets; may be empty. */
  readonly host: string;
  /** What stands behind the last colon; may be empty, or no number at all. */
  readonly port: string;
}

/** A text is no address; says why in the original's words. */
export class AddressError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AddressError';
  }
}

/**
 * Takes an address apart.
 * @throws AddressError, as in `address web1: missing port in address`.
 */
export function splitHostPort(address: string): HostPort {
  const flaw = flawOf(address);
  if (flaw !== undefined) throw new AddressError(`address ${address}: ${flaw}`);
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port: address.slice(colon + 1) };
}

/** Whether an address lacks nothing but a port. */
export function isPortMissing(address: string): boolean {
  return flawOf(address) === portMissing && flawOf(`${address}:0`) === undefined;
}

function flawOf(address: string): string | undefined {
  const colon = address.lastIndexOf(':');
  if (colon < 0) return portMissing;
  const isBracketed = address.startsWith('[');
  const end = isBracketed ? address.indexOf(']') : -1;
  if (isBracketed && end < 0) return "missing ']' in address";
  if (isBracketed && end + 1 !== colon) return address[end + 1] === ':' ? colonsTooMany : portMissing;
  if (!isBracketed && address.slice(0, colon).includes(':')) return colonsTooMany;
  const rest = address.slice(end + 1);
  if (address.slice(isBracketed ? 1 : 0).includes('[')) return "unexpected '[' in address";
  return rest.includes(']') ? "unexpected ']' in address" : undefined;
}

const portMissing = 'missing port in address';
const colonsTooMany = 'too many colons in address';
