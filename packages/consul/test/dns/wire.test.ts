// Messages as bytes, held against another implementation (dns-packet), and the rules of names.

import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { DecodeError, formatIp, parseIp } from '@reeve/bytes';
import { type Answer, decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { decodeMessage } from '../../dist/dns/wire/decode-message.js';
import { DomainNameError, domainName, readDomainName, splitLabels } from '../../dist/dns/wire/domain-name.js';
import { encodeMessage, messageLength } from '../../dist/dns/wire/encode-message.js';
import { type Message, noRecords } from '../../dist/dns/wire/message.js';
import type { ResourceRecord } from '../../dist/dns/wire/record.js';

const header = {
  id: 0,
  isResponse: true,
  opcode: 0,
  isAuthoritative: true,
  isTruncated: false,
  wantsRecursion: true,
  offersRecursion: false,
  isAuthentic: false,
  disablesChecking: false,
  code: 0,
};

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => domainName(labels.join('.')));
const ttl = fc.nat(0x7fffffff);
const uint16 = fc.nat(0xffff);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const record: fc.Arbitrary<ResourceRecord> = fc.oneof(
  fc.record({ kind: fc.constant('a' as const), name, ttl, address: bytes(4) }),
  fc.record({ kind: fc.constant('aaaa' as const), name, ttl, address: bytes(16) }),
  fc.record({
    kind: fc.constantFrom('cname' as const, 'ns' as const, 'ptr' as const),
    name,
    ttl,
    target: name,
  }),
  fc.record({
    kind: fc.constant('srv' as const),
    name,
    ttl,
    priority: uint16,
    weight: uint16,
    port: uint16,
    target: name,
  }),
  fc.record({
    kind: fc.constant('txt' as const),
    name,
    ttl,
    text: fc.uint8Array({ minLength: 1, maxLength: 600 }),
  }),
);
const records = fc.array(record, { maxLength: 12 });
const message: fc.Arbitrary<Message> = fc.record({
  header: fc.constant(header),
  question: fc.record({ name, type: fc.constant(33), class: fc.constant(1) }),
  answers: records,
  authority: records,
  additional: records,
  edns: fc.constant(undefined),
});

test('T0-20: what we encode, compressed or not, is what dns-packet reads', () => {
  fc.assert(
    fc.property(message, fc.boolean(), (ours, compresses) => {
      const encoded = encodeMessage(ours, compresses);
      const theirs = decode(Buffer.from(encoded));
      assert.equal(theirs.questions?.[0]?.name, bare(ours.question?.name.text));
      assert.deepEqual(theirs.answers?.map(plain), ours.answers.map(plainOurs));
      assert.deepEqual(theirs.authorities?.map(plain), ours.authority.map(plainOurs));
      assert.deepEqual(theirs.additionals?.map(plain), ours.additional.map(plainOurs));
    }),
  );
});

test('T0-20: what dns-packet encodes we read', () => {
  fc.assert(
    fc.property(message, (ours) => {
      const encoded = encode({
        type: 'response',
        flags: 0x0500,
        questions: [{ name: bare(ours.question?.name.text), type: 'SRV' }],
        answers: ours.answers.map(theirRecord),
        authorities: ours.authority.map(theirRecord),
        additionals: ours.additional.map(theirRecord),
      });
      assert.deepEqual(decodeMessage(Uint8Array.from(encoded)), decodeMessage(encodeMessage(ours, true)));
    }),
  );
});

test('T0-20: the length that answers are measured by is the length they have', () => {
  fc.assert(
    fc.property(message, fc.boolean(), (ours, compresses) => {
      assert.equal(messageLength(ours, compresses), encodeMessage(ours, compresses).length);
    }),
  );
});

test('T0-20: the target of a SRV record stands in full, and others point to it', () => {
  const target = domainName('m01.node.dc1.consul.');
  const question = { name: domainName('many.service.consul.'), type: 33, class: 1 };
  const srv = { kind: 'srv', name: question.name, ttl: 0, priority: 1, weight: 1, port: 1, target } as const;
  const address = { kind: 'a', name: target, ttl: 0, address: Uint8Array.of(127, 0, 1, 1) } as const;
  const answer = {
    header,
    question,
    ...noRecords,
    answers: [srv, srv],
    additional: [address],
    edns: undefined,
  };
  const encoded = encodeMessage(answer, true);
  const srvBytes = 2 + 10 + 6 + target.wire.length + 1;
  assert.equal(encoded.length, 12 + question.name.wire.length + 1 + 4 + 2 * srvBytes + 2 + 10 + 4);
  assert.deepEqual(decodeMessage(encoded), answer);
});

test('a name that points to itself, or to what points to it, is refused', () => {
  const itself = Uint8Array.of(0xc0, 0);
  const circle = Uint8Array.of(1, 97, 0xc0, 4, 1, 98, 0xc0, 0);
  const forwards = Uint8Array.of(0xc0, 2, 0);
  for (const bad of [itself, circle, forwards]) assert.throws(() => readDomainName(bad, 0), DecodeError);
  assert.throws(() => readDomainName(circle, 4), DecodeError);
});

test('a name has at most 255 bytes, also where pointers make it longer', () => {
  const long = Uint8Array.from([...Array(4)].flatMap(() => [63, ...Array(63).fill(97)]));
  assert.throws(() => readDomainName(Uint8Array.of(...long, 0), 0), DecodeError);
  const label63 = 'a'.repeat(63);
  assert.throws(() => domainName([label63, label63, label63, label63].join('.')), DomainNameError);
  assert.throws(() => domainName(`${'a'.repeat(64)}.consul`), DomainNameError);
  assert.throws(() => domainName('a..consul'), DomainNameError);
});

test('any bytes in labels survive as text', () => {
  const labels = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(labels, (parts) => {
      const encoded = Uint8Array.from([...parts.flatMap((part) => [part.length, ...part]), 0]);
      const { name: read, end } = readDomainName(encoded, 0);
      assert.equal(end, encoded.length);
      assert.equal(splitLabels(read.text).length, parts.length);
      assert.deepEqual(domainName(read.text).wire, read.wire);
    }),
  );
});

test('special characters of names are escaped as the original does it', () => {
  const special = Uint8Array.of(7, 97, 46, 34, 32, 64, 7, 92, 0);
  const { name: read } = readDomainName(special, 0);
  assert.equal(read.text, 'a\\.\\"\\ \\@\\007\\\\.');
});

function bare(text = ''): string {
  return text.replace(/\.$/, '');
}

/** What both sides know of a record. */
interface Plain {
  readonly type: string;
  readonly name: string;
  readonly ttl: number | undefined;
  readonly data: unknown;
}

function plain(answer: Answer): Plain {
  const { type, name: owner, ttl: seconds, data } = answer as Answer & { ttl?: number; data: unknown };
  if (type === 'TXT')
    return { type, name: owner, ttl: seconds, data: Buffer.concat(data as Buffer[]).toString('hex') };
  if (type === 'AAAA') return { type, name: owner, ttl: seconds, data: parseIp(String(data)) };
  return { type, name: owner, ttl: seconds, data };
}

function plainOurs(ours: ResourceRecord): Plain {
  const {
    type,
    name: owner,
    ttl: seconds,
    data,
  } = theirRecord(ours) as Answer & { ttl?: number; data: unknown };
  const head = { type, name: owner, ttl: seconds };
  if (ours.kind === 'txt') return { ...head, data: Buffer.from(ours.text).toString('hex') };
  return { ...head, data: ours.kind === 'aaaa' ? parseIp(String(data)) : data };
}

function theirRecord(ours: ResourceRecord): Answer {
  const head = { name: bare(ours.name.text), ttl: ours.ttl };
  switch (ours.kind) {
    case 'a':
      return { ...head, type: 'A', data: String(formatIp(ours.address)) };
    case 'aaaa':
      return { ...head, type: 'AAAA', data: theirV6(ours.address) };
    case 'cname':
    case 'ns':
    case 'ptr':
      return { ...head, type: ours.kind.toUpperCase() as 'CNAME', data: bare(ours.target.text) };
    case 'srv': {
      const { priority, weight, port, target } = ours;
      return { ...head, type: 'SRV', data: { priority, weight, port, target: bare(target.text) } };
    }
    case 'txt':
      return { ...head, type: 'TXT', data: pieces(ours.text) };
    default:
      throw new Error(`no ${ours.kind} here`);
  }
}

/** dns-packet writes down IPv4 inside IPv6 in its own way. */
function theirV6(address: Uint8Array): string {
  const groups = [...Array(8).keys()].map(
    (i) => ((address[2 * i] as number) << 8) | (address[2 * i + 1] as number),
  );
  return groups.map((group) => group.toString(16)).join(':');
}

function pieces(text: Uint8Array): Buffer[] {
  const count = Math.ceil(text.length / 255);
  return [...Array(count).keys()].map((i) => Buffer.from(text.subarray(255 * i, 255 * (i + 1))));
}
