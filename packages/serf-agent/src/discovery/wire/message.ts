// The DNS messages of discovery: queries and answers, as far as `-discover` needs them. Records of other
// types are skipped. Order, compression and header bits are those of hashicorp/mdns (zone.go, server.go),
// which packs with miekg/dns: the target of a service is the one name that is always written in full.
//
// A packet costs little, whatever is in it: it is at most 9,000 bytes (RFC 6762, section 17), and so many
// questions and records of it are looked at as below.
// Next: reader.ts and writer.ts for the bytes, ../service.ts for what is asked and answered.

import { DecodeError, formatIp, parseIp } from '@reeve/bytes';
import { MessageReader } from './reader.ts';
import { MessageWriter } from './writer.ts';

/** What somebody wants to know. */
export interface DnsQuestion {
  readonly name: string;
  /** One of `recordTypes`, or a type that we know nothing of. */
  readonly type: number;
  /** Whether the answer should carry the ID of the query. */
  readonly wantsUnicast: boolean;
}

/** A query to be answered. */
export interface DnsQuery {
  readonly id: number;
  readonly questions: readonly DnsQuestion[];
}

/** What somebody knows. Names are text without a dot at the end. */
export type DnsRecord =
  | { readonly kind: 'pointer'; readonly name: string; readonly target: string }
  | { readonly kind: 'service'; readonly name: string; readonly target: string; readonly port: number }
  | { readonly kind: 'text'; readonly name: string; readonly texts: readonly string[] }
  /** An IPv4 or IPv6 address, canonical text. */
  | { readonly kind: 'address'; readonly name: string; readonly address: string };

/** The types of records by their usual names; `ANY` is for questions only. */
export const recordTypes = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, ANY: 255 } as const;

/**
 * Reads a query; undefined when it is none that multicast DNS answers: a response, an operation other than a
 * query, one with more to come. @throws DecodeError
 */
export function decodeQuery(packet: Uint8Array): DnsQuery | undefined {
  const { reader, id, flags, counts } = readHeader(packet);
  if ((flags & (responseFlag | operationMask | truncatedFlag | codeMask)) !== 0) return undefined;
  const count = bounded(counts[0], questionsMax, 'questions');
  return { id, questions: Array.from({ length: count }, () => readQuestion(reader)) };
}

/** Reads the records of an answer; undefined when it is none, or tells of an error. @throws DecodeError */
export function decodeAnswer(packet: Uint8Array): readonly DnsRecord[] | undefined {
  const { reader, flags, counts } = readHeader(packet);
  if ((flags & (responseFlag | operationMask | codeMask)) !== responseFlag) return undefined;
  const [questions, ...records] = counts;
  for (let left = bounded(questions, questionsMax, 'questions'); left > 0; left--) readQuestion(reader);
  const count = bounded(sum(records), recordsMax, 'records');
  return Array.from({ length: count }, () => readRecord(reader)).filter((record) => record !== undefined);
}

/** A query for the pointers of a name, to be answered to whoever asks. @throws RangeError for no DNS name. */
export function encodeQuery(id: number, name: string): Uint8Array {
  const writer = new MessageWriter();
  for (const value of [id, 0, 1, 0, 0, 0]) writer.uint16(value);
  writer.name(name);
  writer.uint16(recordTypes.PTR);
  writer.uint16(internetClass);
  return writer.finish();
}

/** An answer with nothing but these records. @throws RangeError when a name is no DNS name. */
export function encodeAnswer(id: number, records: readonly DnsRecord[]): Uint8Array {
  const writer = new MessageWriter();
  const flags = responseFlag | authoritativeFlag;
  for (const value of [id, flags, 0, records.length, 0, 0]) writer.uint16(value);
  for (const record of records) writeRecord(writer, record);
  return writer.finish();
}

interface Header {
  readonly reader: MessageReader;
  readonly id: number;
  readonly flags: number;
  /** Questions, answers, authorities, additional records. */
  readonly counts: readonly [number, number, number, number];
}

function readHeader(packet: Uint8Array): Header {
  if (packet.length > packetBytesMax) throw new DecodeError('limit', `over ${packetBytesMax} bytes`);
  const reader = new MessageReader(packet);
  const [id, flags] = [reader.uint16(), reader.uint16()];
  return { reader, id, flags, counts: [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()] };
}

function readQuestion(reader: MessageReader): DnsQuestion {
  const name = reader.name();
  const type = reader.uint16();
  return { name, type, wantsUnicast: (reader.uint16() & topBit) !== 0 };
}

function readRecord(reader: MessageReader): DnsRecord | undefined {
  const name = reader.name();
  const type = reader.uint16();
  reader.bytes(classAndTtlBytes);
  const length = reader.uint16();
  return reader.within(length, (atEnd): DnsRecord | undefined => {
    switch (type) {
      case recordTypes.PTR:
        return { kind: 'pointer', name, target: reader.name() };
      case recordTypes.SRV:
        reader.bytes(priorityAndWeightBytes);
        return { kind: 'service', name, port: reader.uint16(), target: reader.name() };
      case recordTypes.TXT: {
        const texts: string[] = [];
        while (!atEnd()) texts.push(reader.text());
        return { kind: 'text', name, texts };
      }
      case recordTypes.A:
      case recordTypes.AAAA: {
        const address = formatIp(reader.bytes(length));
        if (address === undefined) throw new DecodeError('malformed', `an address of ${length} bytes`);
        return { kind: 'address', name, address };
      }
      default:
        return undefined;
    }
  });
}

function writeRecord(writer: MessageWriter, record: DnsRecord): void {
  writer.name(record.name);
  writer.uint16(typeOf(record));
  writer.uint16(internetClass);
  writer.bytes([0, 0, 0, ttlSeconds]);
  writer.sized(() => {
    switch (record.kind) {
      case 'pointer':
        return writer.name(record.target);
      case 'service':
        for (const value of [priority, weight, record.port]) writer.uint16(value);
        return writer.name(record.target, true);
      case 'text':
        for (const text of record.texts) writer.text(text);
        return;
      case 'address':
        return writer.bytes(addressBytes(record.address));
    }
  });
}

function typeOf(record: DnsRecord): number {
  switch (record.kind) {
    case 'pointer':
      return recordTypes.PTR;
    case 'service':
      return recordTypes.SRV;
    case 'text':
      return recordTypes.TXT;
    case 'address':
      return addressType(record.address);
  }
}

/** The type of the record that holds an address. */
export function addressType(address: string): number {
  return addressBytes(address).length === 4 ? recordTypes.A : recordTypes.AAAA;
}

function addressBytes(address: string): Uint8Array {
  const bytes = parseIp(address);
  if (bytes === undefined) throw new RangeError(`'${address}' is no IP address`);
  return bytes;
}

function bounded(count: number, max: number, what: string): number {
  if (count > max) throw new DecodeError('limit', `over ${max} ${what}`);
  return count;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

const packetBytesMax = 9_000;
const questionsMax = 64;
const recordsMax = 128;

const responseFlag = 0x8000;
const operationMask = 0x7800;
const authoritativeFlag = 0x0400;
const truncatedFlag = 0x0200;
const codeMask = 0x000f;
/** Of the class: in a question "answer to me alone", in a record "forget what you knew". */
const topBit = 0x8000;
const internetClass = 1;
const classAndTtlBytes = 6;
const priorityAndWeightBytes = 4;
const ttlSeconds = 120;
const priority = 10;
const weight = 1;
