// IP addresses as bytes and as text, as Go's net.ParseIP and IP.String.
// On the wire an address is 4 or 16 bytes; an IPv4 address mapped into IPv6 (::ffff:a.b.c.d) is the IPv4
// address, in both directions. No zones: an address with one means nothing on another machine.

/** 4 bytes (IPv4, also when mapped into IPv6) or 16; undefined if the text is no address. */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const address = parseIpv6(text);
  return address !== undefined && isMapped(address) ? address.slice(12) : address;
}

/** The text: dotted for 4 bytes and mapped ones, RFC 5952 for 16; undefined for any other length. */
export function formatIp(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return formatIpv4(bytes, 0);
  if (bytes.length !== 16) return undefined;
  return isMapped(bytes) ? formatIpv4(bytes, 12) : formatIpv6(bytes);
}

/** Whether the text is an address that `parseIp` takes. */
export function isIp(text: string): boolean {
  return parseIp(text) !== undefined;
}

function formatIpv4(bytes: Uint8Array, start: number): string {
  return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let place = 0;
  let value = -1; // none yet
  for (let index = 0; index <= text.length; index++) {
    const digit = text.charCodeAt(index) - zeroCharCode; // NaN at the end
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return undefined; // some read a leading zero as octal
      value = Math.max(value, 0) * 10 + digit;
      if (value > 255) return undefined;
    } else {
      if (value < 0 || place === 4 || (index < text.length && text[index] !== '.')) return undefined;
      bytes[place++] = value;
      value = -1;
    }
  }
  return place === 4 ? bytes : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  if (text.length > ipv6TextMax) return undefined;
  const halves = text.split('::');
  const front = parseGroups(halves[0] ?? '', halves.length === 1);
  const back = parseGroups(halves[1] ?? '', true);
  if (halves.length > 2 || front === undefined || back === undefined) return undefined;
  const missing = 16 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined; // '::' is at least one group
  const address = new Uint8Array(16);
  address.set(front);
  address.set(back, 16 - back.length);
  return address;
}

/** The bytes of groups between colons; the last one may be an IPv4 address if it ends the text. */
function parseGroups(text: string, endsText: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (hexGroup.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const ipv4 = endsText && index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4 === undefined) return undefined;
    bytes.push(...ipv4);
  }
  return bytes.length <= 16 ? bytes : undefined;
}

/** Lower case, no leading zeros, the first of the longest runs of two or more zero groups as '::'. */
function formatIpv6(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  }
  return longest;
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

const zeroCharCode = 0x30;
const hexGroup = /^[0-9a-f]{1,4}$/i;
/** Eight groups of four, or six and a dotted address. */
const ipv6TextMax = 45;
