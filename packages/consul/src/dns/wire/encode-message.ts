// Messages to bytes. What they hold has been checked where it was made: names when they became names.

import { concatBytes } from '@reeve/bytes';
import { headerBytes } from './decode-message.ts';
import { type DomainName, domainName } from './domain-name.ts';
import { type Edns, encodeEdns } from './edns.ts';
import type { Header, Message, Question, Sections } from './message.ts';
import { MessageWriter } from './message-writer.ts';
import { internetClass, type ResourceRecord, recordType } from './record.ts';

/** The bytes of a message. @throws RangeError if there are more than 65,535 */
export function encodeMessage(message: Message, compresses: boolean): Uint8Array {
  const bytes = new Uint8Array(lengthBound(message));
  const writer = new MessageWriter(compresses, bytes);
  write(message, writer);
  if (writer.length > messageBytesMax) throw new RangeError(`a DNS message of ${writer.length} bytes`);
  return bytes.subarray(0, writer.length);
}

/** Whether the bytes of a message would be at most so many. */
export function fits(message: Omit<Message, 'header'>, compresses: boolean, bytesMax: number): boolean {
  return lengthBound(message) <= bytesMax || messageLength(message, compresses) <= bytesMax;
}

/** How long the bytes of a message would be. */
export function messageLength(message: Omit<Message, 'header'>, compresses: boolean): number {
  const writer = new MessageWriter(compresses);
  writer.bytes(noHeader);
  writeBody(writer, message);
  return writer.length;
}

/** A message's length has 16 bits, over TCP. */
export const messageBytesMax = 65_535;

function write(message: Message, writer: MessageWriter): void {
  const { header, question, answers, authority, additional, edns } = message;
  writer.uint16(header.id);
  writer.uint16(flagsOf(header));
  writer.uint16(question === undefined ? 0 : 1);
  writer.uint16(answers.length);
  writer.uint16(authority.length);
  writer.uint16(additional.length + (edns === undefined ? 0 : 1));
  writeBody(writer, message);
}

function writeBody(writer: MessageWriter, message: Omit<Message, 'header'>): void {
  const { question, edns } = message;
  if (question !== undefined) writeQuestion(writer, question);
  writeSections(writer, message);
  if (edns !== undefined) writeEdns(writer, edns);
}

function flagsOf(header: Header): number {
  return (
    (header.isResponse ? 0x8000 : 0) |
    (header.opcode << 11) |
    (header.isAuthoritative ? 0x0400 : 0) |
    (header.isTruncated ? 0x0200 : 0) |
    (header.wantsRecursion ? 0x0100 : 0) |
    (header.offersRecursion ? 0x0080 : 0) |
    (header.isAuthentic ? 0x0020 : 0) |
    (header.disablesChecking ? 0x0010 : 0) |
    header.code
  );
}

function writeQuestion(writer: MessageWriter, question: Question): void {
  writer.name(question.name);
  writer.uint16(question.type);
  writer.uint16(question.class);
}

function writeSections(writer: MessageWriter, { answers, authority, additional }: Sections): void {
  for (const record of answers) writeRecord(writer, record);
  for (const record of authority) writeRecord(writer, record);
  for (const record of additional) writeRecord(writer, record);
}

function writeRecord(writer: MessageWriter, record: ResourceRecord): void {
  writer.name(record.name);
  writer.uint16(record.kind === 'other' ? record.type : recordType[record.kind]);
  writer.uint16(record.kind === 'other' ? record.class : internetClass);
  writer.uint32(record.ttl);
  const start = writer.beginSized();
  writeData(writer, record);
  writer.endSized(start);
}

function writeData(writer: MessageWriter, record: ResourceRecord): void {
  switch (record.kind) {
    case 'a':
    case 'aaaa':
      return writer.bytes(record.address);
    case 'cname':
    case 'ns':
    case 'ptr':
      return writer.name(record.target);
    case 'srv':
      writer.uint16(record.priority);
      writer.uint16(record.weight);
      writer.uint16(record.port);
      return writer.fullName(record.target);
    case 'txt':
      return writer.bytes(characterStrings(record.text));
    case 'soa':
      writer.name(record.server);
      writer.name(record.mailbox);
      for (const value of [record.serial, record.refresh, record.retry, record.expire, record.minTtl])
        writer.uint32(value);
      return;
    case 'other':
      return writer.bytes(record.data);
  }
}

function writeEdns(writer: MessageWriter, edns: Edns): void {
  writer.name(root);
  writer.uint16(recordType.opt);
  writer.uint16(edns.payloadBytes);
  writer.uint32(0);
  const start = writer.beginSized();
  writer.bytes(encodeEdns(edns));
  writer.endSized(start);
}

/** What a message takes without compression: no more than it can take, and quickly found. */
function lengthBound({ question, answers, authority, additional }: Omit<Message, 'header'>): number {
  let bytes = headerBytes + ednsBytesMax;
  if (question !== undefined) bytes += nameBytes(question.name) + 4;
  for (const record of answers) bytes += recordBytes(record);
  for (const record of authority) bytes += recordBytes(record);
  for (const record of additional) bytes += recordBytes(record);
  return bytes;
}

function recordBytes(record: ResourceRecord): number {
  return nameBytes(record.name) + 10 + dataBytes(record);
}

function dataBytes(record: ResourceRecord): number {
  switch (record.kind) {
    case 'a':
    case 'aaaa':
      return record.address.length;
    case 'cname':
    case 'ns':
    case 'ptr':
      return nameBytes(record.target);
    case 'srv':
      return 6 + nameBytes(record.target);
    case 'txt':
      return record.text.length + Math.ceil(record.text.length / 255) + 1;
    case 'soa':
      return nameBytes(record.server) + nameBytes(record.mailbox) + 20;
    case 'other':
      return record.data.length;
  }
}

function nameBytes({ wire }: DomainName): number {
  return wire.length + 1;
}

/** A text as character strings of at most 255 bytes; the original cannot send longer ones at all. */
function characterStrings(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < text.length; at += 255) {
    const part = text.subarray(at, at + 255);
    parts.push(Uint8Array.of(part.length), part);
  }
  return concatBytes(parts);
}

const root = domainName('.');
/** A name, type, size, flags and length, and a client subnet. */
const ednsBytesMax = 11 + 24;
const noHeader = new Uint8Array(headerBytes);
