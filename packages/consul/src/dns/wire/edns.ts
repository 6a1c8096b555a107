// EDNS: how large an answer may be, and for which network it is. RFC 6891, RFC 7871 (client subnet).

import { DecodeError } from '@reeve/bytes';

/** What an OPT record says. Options other than the subnet are read, and nothing is made of them. */
export interface Edns {
  /** The largest datagram that the sender takes. */
  readonly payloadBytes: number;
  readonly subnet: ClientSubnet | undefined;
}

/** The network on whose behalf somebody asks. */
export interface ClientSubnet {
  /** 0: none, 1: IPv4, 2: IPv6. */
  readonly family: number;
  readonly sourceBits: number;
  /** In an answer: for how large a network it holds. */
  readonly scopeBits: number;
  /** 4 or 16 bytes, or none for family 0; zero behind the first `sourceBits`. */
  readonly address: Uint8Array;
}

/** Decodes the data of an OPT record; `payloadBytes` stands where others have their class. */
export function decodeEdns(payloadBytes: number, data: Uint8Array): Edns {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let subnet: ClientSubnet | undefined;
  for (let at = 0; at < data.length; ) {
    if (at + 4 > data.length) throw new DecodeError('truncated', 'an option ends early');
    const code = view.getUint16(at);
    const start = at + 4;
    at = start + view.getUint16(at + 2);
    if (at > data.length) throw new DecodeError('truncated', 'an option ends early');
    if (code === subnetCode) {
      const decoded = decodeSubnet(data.subarray(start, at));
      subnet ??= decoded;
    } else if (mayHave.get(code)?.(at - start) === false)
      throw new DecodeError('malformed', 'an option of a length that it cannot have');
  }
  return { payloadBytes, subnet };
}

/** The data of an OPT record. */
export function encodeEdns({ subnet }: Edns): Uint8Array {
  if (subnet === undefined) return new Uint8Array(0);
  const network = subnet.address.subarray(0, Math.ceil(subnet.sourceBits / 8));
  const bytes = new Uint8Array(8 + network.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, subnetCode);
  view.setUint16(2, 4 + network.length);
  view.setUint16(4, subnet.family);
  view.setUint8(6, subnet.sourceBits);
  view.setUint8(7, subnet.scopeBits);
  bytes.set(network, 8);
  return bytes;
}

function decodeSubnet(option: Uint8Array): ClientSubnet {
  const [familyHigh = 0, family = 0, sourceBits = 0, scopeBits = 0] = option;
  const addressBytes = addressLengths[family];
  if (option.length < 4 || familyHigh !== 0 || addressBytes === undefined)
    throw new DecodeError('malformed', 'a client subnet of an unknown family');
  // `dig` has family 0 where it wants to say nothing; then there is no network either.
  const bitsMax = addressBytes * 8;
  if (sourceBits > bitsMax || (family !== 0 && scopeBits > bitsMax))
    throw new DecodeError('malformed', 'a client subnet longer than its addresses');
  const address = new Uint8Array(addressBytes);
  address.set(option.subarray(4, 4 + Math.ceil(sourceBits / 8)));
  const last = sourceBits >> 3;
  if (sourceBits % 8 !== 0) address[last] = (address[last] as number) & (0xff << (8 - (sourceBits % 8)));
  return { family, sourceBits, scopeBits, address };
}

/** Lengths that options may have which upstream reads, and does nothing with (miekg/dns, edns.go). */
const mayHave: ReadonlyMap<number, (bytes: number) => boolean> = new Map([
  [1, (bytes) => bytes >= 18], // long-lived queries
  [2, (bytes) => bytes === 4 || bytes === 8], // update lease
  [9, (bytes) => bytes === 0 || bytes >= 4], // expiry
]);

/** By family. */
const addressLengths = [0, 4, 16];
const subnetCode = 8;
