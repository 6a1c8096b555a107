// Messages to bytes. What they hold has been checked where it was made: names when they became names.

import { concatBytes } from '@reeve/bytes';
import { headerBytes } from './decode-message.ts';
import { domainName } from './domain-name.ts';
import { type Edns, encodeEdns } from './edns.ts';
import type { Header, Message, Question, Sections } from './message.ts';
import { MessageWriter } from './message-writer.ts';
import { internetClass, type ResourceRecord, recordType } from './record.ts';

/** The bytes of a message. @throws RangeError if there are more than 65,535 */
export function encodeMessage(message: Message, compresses: boolean): Uint8Array {
  const length = messageLength(message, compresses);
  if (length > messageBytesMax) throw new RangeError(`a DNS message of ${length} bytes`);
  const bytes = new Uint8Array(length);
  write(message, new MessageWriter(compresses, bytes));
  return bytes;
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

function writeBody(writer: MessageWriter, { question, edns, ...sections }: Omit<Message, 'header'>): void {
  if (question !== undefined) writeQuestion(writer, question);
  writeSections(writer, sections);
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
  writer.sized(() => writeData(writer, record));
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
  writer.sized(() => writer.bytes(encodeEdns(edns)));
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
const noHeader = new Uint8Array(headerBytes);
