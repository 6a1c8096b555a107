// Bytes to messages. Total: any input gives a message or a DecodeError, at a cost bounded by its length.
//
// Bytes behind the last record are left alone, as in the original. Next: domain-name.ts, edns.ts.

import { DecodeError } from '@reeve/bytes';
import { type DomainName, readDomainName } from './domain-name.ts';
import { decodeEdns, type Edns } from './edns.ts';
import type { Header, Message, Question } from './message.ts';
import { internetClass, type ResourceRecord, recordType } from './record.ts';

/** How many of each a message promises. */
export interface Counts {
  readonly questions: number;
  readonly answers: number;
  readonly authority: number;
  readonly additional: number;
}

/** Decodes what every message begins with. */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length < headerBytes) throw new DecodeError('truncated', 'a message shorter than its header');
  const flags = uint16At(bytes, 2);
  return {
    id: uint16At(bytes, 0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    isAuthoritative: (flags & 0x0400) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    wantsRecursion: (flags & 0x0100) !== 0,
    offersRecursion: (flags & 0x0080) !== 0,
    isAuthentic: (flags & 0x0020) !== 0,
    disablesChecking: (flags & 0x0010) !== 0,
    code: flags & 0xf,
  };
}

/** Decodes what is promised, behind a header that has been decoded. */
export function decodeCounts(bytes: Uint8Array): Counts {
  return {
    questions: uint16At(bytes, 4),
    answers: uint16At(bytes, 6),
    authority: uint16At(bytes, 8),
    additional: uint16At(bytes, 10),
  };
}

/** Decodes the question of a message that has one. One without its whole class, or any type, has 0 there. */
export function decodeQuestion(bytes: Uint8Array): { question: Question; end: number } {
  const { name, end } = readDomainName(bytes, headerBytes);
  const left = bytes.length - end;
  if (left === 0) return { question: { name, type: 0, class: 0 }, end };
  if (left === 2 || left === 3)
    return { question: { name, type: uint16At(bytes, end), class: 0 }, end: bytes.length };
  if (left < 4) throw new DecodeError('truncated', 'a question ends early');
  return { question: { name, type: uint16At(bytes, end), class: uint16At(bytes, end + 2) }, end: end + 4 };
}

/** Decodes a message. */
export function decodeMessage(bytes: Uint8Array): Message {
  const header = decodeHeader(bytes);
  const { questions, answers, authority, additional } = decodeCounts(bytes);
  if (questions > 1) throw new DecodeError('limit', 'more than one question');
  let at = headerBytes;
  let question: Question | undefined;
  // A header alone is a message, whatever it promises: some servers answer so.
  if (questions === 1 && bytes.length > headerBytes) ({ question, end: at } = decodeQuestion(bytes));
  const records = new RecordReader(bytes, at);
  const before = { header, question, answers: records.read(answers), authority: records.read(authority) };
  records.edns = undefined; // only an additional record speaks of EDNS
  return { ...before, additional: records.read(additional), edns: records.edns };
}

/** Reads one section after the other; OPT records go to a place of their own. */
class RecordReader {
  edns: Edns | undefined;
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** As many as are there: counts may promise more, which the original forgives, too. */
  read(count: number): ResourceRecord[] {
    const records: ResourceRecord[] = [];
    for (let i = 0; i < count && this.#at < this.#bytes.length; i++) {
      const record = this.#record();
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  #record(): ResourceRecord | undefined {
    const { name, end: head } = readDomainName(this.#bytes, this.#at);
    const start = head + 10;
    if (start > this.#bytes.length) throw new DecodeError('truncated', 'a record ends early');
    const type = uint16At(this.#bytes, head);
    const recordClass = uint16At(this.#bytes, head + 2);
    const ttl = uint32At(this.#bytes, head + 4);
    this.#at = start + uint16At(this.#bytes, head + 8);
    if (this.#at > this.#bytes.length) throw new DecodeError('truncated', 'a record ends early');
    const data = this.#bytes.slice(start, this.#at);
    if (type === recordType.opt) {
      this.edns = decodeEdns(recordClass, data);
      return undefined;
    }
    const known = recordClass === internetClass && data.length > 0;
    const record = known ? this.#known(type, name, ttl, start) : undefined;
    return record ?? { kind: 'other', name, ttl, type, class: recordClass, data };
  }

  /** A record of a type that we know; its names may point to what stands before it. */
  #known(type: number, name: DomainName, ttl: number, start: number): ResourceRecord | undefined {
    switch (type) {
      case recordType.a:
        return { kind: 'a', name, ttl, address: this.#exactly(start, 4) };
      case recordType.aaaa:
        return { kind: 'aaaa', name, ttl, address: this.#exactly(start, 16) };
      case recordType.cname:
        return { kind: 'cname', name, ttl, target: this.#lastName(start) };
      case recordType.ns:
        return { kind: 'ns', name, ttl, target: this.#lastName(start) };
      case recordType.ptr:
        return { kind: 'ptr', name, ttl, target: this.#lastName(start) };
      case recordType.txt:
        return { kind: 'txt', name, ttl, text: this.#text(start) };
      case recordType.srv:
        return this.#service(name, ttl, start);
      case recordType.soa:
        return this.#zone(name, ttl, start);
      default:
        return undefined;
    }
  }

  #service(name: DomainName, ttl: number, start: number): ResourceRecord {
    if (start + 6 > this.#at) throw new DecodeError('truncated', 'a SRV record ends early');
    return {
      kind: 'srv',
      name,
      ttl,
      priority: uint16At(this.#bytes, start),
      weight: uint16At(this.#bytes, start + 2),
      port: uint16At(this.#bytes, start + 4),
      target: this.#lastName(start + 6),
    };
  }

  #zone(name: DomainName, ttl: number, start: number): ResourceRecord {
    const server = readDomainName(this.#bytes, start);
    const mailbox = readDomainName(this.#bytes, server.end);
    const times = mailbox.end;
    if (times + 20 !== this.#at) throw new DecodeError('malformed', 'a SOA record of another length');
    return {
      kind: 'soa',
      name,
      ttl,
      server: server.name,
      mailbox: mailbox.name,
      serial: uint32At(this.#bytes, times),
      refresh: uint32At(this.#bytes, times + 4),
      retry: uint32At(this.#bytes, times + 8),
      expire: uint32At(this.#bytes, times + 12),
      minTtl: uint32At(this.#bytes, times + 16),
    };
  }

  #exactly(start: number, length: number): Uint8Array {
    if (start + length !== this.#at) throw new DecodeError('malformed', 'an address of another length');
    return this.#bytes.slice(start, this.#at);
  }

  /** The name that ends a record. */
  #lastName(start: number): DomainName {
    const { name, end } = readDomainName(this.#bytes, start);
    if (end !== this.#at) throw new DecodeError('malformed', 'a name does not end with its record');
    return name;
  }

  /** The character strings of a TXT record, put together. */
  #text(start: number): Uint8Array {
    const text = new Uint8Array(this.#at - start);
    let length = 0;
    for (let at = start; at < this.#at; ) {
      const next = at + 1 + (this.#bytes[at] as number);
      if (next > this.#at) throw new DecodeError('truncated', 'a character string ends early');
      text.set(this.#bytes.subarray(at + 1, next), length);
      length += next - at - 1;
      at = next;
    }
    return text.subarray(0, length);
  }
}

function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) * 0x10000 + uint16At(bytes, at + 2);
}

/** What every message begins with. */
export const headerBytes = 12;
