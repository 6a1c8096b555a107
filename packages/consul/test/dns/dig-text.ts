// Messages in dig's words, to be held beside captures.

import { Buffer } from 'node:buffer';
import { formatIp } from '@reeve/bytes';
import type { Dig, DigAnswer } from '@reeve/golden';
import { decodeMessage } from '../../dist/dns/wire/decode-message.js';
import { domainName } from '../../dist/dns/wire/domain-name.js';
import { encodeMessage } from '../../dist/dns/wire/encode-message.js';
import { type Message, noRecords, responseCode } from '../../dist/dns/wire/message.js';
import { type ResourceRecord, recordType } from '../../dist/dns/wire/record.js';

/** A query as dig sends it: recursion and authentic data are wanted. */
export function queryOf(dig: Pick<Dig, 'name' | 'type'> & Partial<Dig>, id = 4_711): Uint8Array {
  const type = recordType[dig.type.toLowerCase() as keyof typeof recordType];
  const [address = '', bits = ''] = dig.subnet?.split('/') ?? [];
  const subnet = dig.subnet === undefined ? undefined : ipv4Subnet(address, Number(bits));
  const message: Message = {
    header: { ...queryHeader, id },
    question: { name: domainName(dig.name), type, class: dig.class === 'CH' ? 3 : 1 },
    ...noRecords,
    edns: dig.payloadBytes === undefined ? undefined : { payloadBytes: dig.payloadBytes, subnet },
  };
  return encodeMessage(message, false);
}

/** An answer in dig's words; a zone's serial, which is a date, is 0. */
export function digText(bytes: Uint8Array): DigAnswer {
  const { header, answers, authority, additional, edns } = decodeMessage(bytes);
  const flags = [
    header.isResponse && 'qr',
    header.isAuthoritative && 'aa',
    header.isTruncated && 'tc',
    header.wantsRecursion && 'rd',
    header.offersRecursion && 'ra',
    header.isAuthentic && 'ad',
    header.disablesChecking && 'cd',
  ];
  const subnet = edns?.subnet;
  return {
    status: Object.entries(responseCode).find(([, code]) => code === header.code)?.[0] ?? '',
    flags: flags.filter((flag) => flag !== false).join(' '),
    edns: [
      ...(edns === undefined ? [] : [`udp: ${edns.payloadBytes}`]),
      ...(subnet === undefined
        ? []
        : [`${formatIp(subnet.address)}/${subnet.sourceBits}/${subnet.scopeBits}`]),
    ],
    answers: answers.map(recordText),
    authority: authority.map(recordText),
    additional: additional.map(recordText),
    bytes: bytes.length,
  };
}

/** What a capture and we have in common: random order is sorted, dates are 0, codes have our names. */
export function comparable(answer: DigAnswer): DigAnswer {
  const sorted = (lines: readonly string[]) =>
    lines.map((line) => line.replace(/( SOA \S+ \S+) \d+/, '$1 0')).sort();
  return {
    ...answer,
    status: statuses[answer.status] ?? answer.status,
    answers: sorted(answer.answers),
    authority: sorted(answer.authority),
    additional: sorted(answer.additional),
  };
}

function recordText(record: ResourceRecord): string {
  const kind = record.kind === 'other' ? `TYPE${record.type}` : record.kind.toUpperCase();
  return `${record.name.text} ${record.ttl} IN ${kind} ${dataText(record)}`;
}

function dataText(record: ResourceRecord): string {
  switch (record.kind) {
    case 'a':
    case 'aaaa':
      return String(formatIp(record.address));
    case 'cname':
    case 'ns':
    case 'ptr':
      return record.target.text;
    case 'srv':
      return `${record.priority} ${record.weight} ${record.port} ${record.target.text}`;
    case 'txt':
      return `"${Buffer.from(record.text).toString()}"`;
    case 'soa': {
      const { server, mailbox, serial, refresh, retry, expire, minTtl } = record;
      return `${server.text} ${mailbox.text} ${serial} ${refresh} ${retry} ${expire} ${minTtl}`;
    }
    case 'other':
      return Buffer.from(record.data).toString('hex');
  }
}

function ipv4Subnet(address: string, sourceBits: number) {
  return { family: 1, sourceBits, scopeBits: 0, address: Uint8Array.from(address.split('.').map(Number)) };
}

const queryHeader = {
  isResponse: false,
  opcode: 0,
  isAuthoritative: false,
  isTruncated: false,
  wantsRecursion: true,
  offersRecursion: false,
  isAuthentic: true,
  disablesChecking: false,
  code: 0,
};

const statuses: Readonly<Record<string, string>> = {
  NOERROR: 'noError',
  NXDOMAIN: 'nameError',
  SERVFAIL: 'serverFailure',
  REFUSED: 'refused',
  NOTIMP: 'notImplemented',
};
