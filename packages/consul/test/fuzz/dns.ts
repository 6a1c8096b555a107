// Targets of DNS: messages, options, and messages in streams.

import assert from 'node:assert/strict';
import { DecodeError } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { FrameReader, frame } from '../../dist/dns/frame.js';
import { decodeCounts, decodeMessage, decodeQuestion } from '../../dist/dns/wire/decode-message.js';
import { domainName } from '../../dist/dns/wire/domain-name.js';
import { decodeEdns, encodeEdns } from '../../dist/dns/wire/edns.js';
import { encodeMessage, messageBytesMax, messageLength } from '../../dist/dns/wire/encode-message.js';
import { type Message, noRecords } from '../../dist/dns/wire/message.js';
import type { ResourceRecord } from '../../dist/dns/wire/record.js';

const name = domainName('web.service.consul.');
const target = domainName('web\\.1.node.dc1.consul.');
const subnet = { family: 1, sourceBits: 20, scopeBits: 0, address: Uint8Array.of(10, 1, 0x10, 0) };
const times = { serial: 1, refresh: 2, retry: 3, expire: 4, minTtl: 5 };
const records: readonly ResourceRecord[] = [
  { kind: 'a', name, ttl: 1, address: Uint8Array.of(1, 2, 3, 4) },
  { kind: 'aaaa', name: target, ttl: 1, address: new Uint8Array(16) },
  { kind: 'cname', name, ttl: 1, target },
  { kind: 'srv', name, ttl: 1, priority: 1, weight: 2, port: 3, target },
  { kind: 'txt', name, ttl: 1, text: Uint8Array.of(1, 2) },
  { kind: 'soa', name, ttl: 1, server: name, mailbox: target, ...times },
  { kind: 'other', name, ttl: 1, type: 15, class: 1, data: Uint8Array.of(0, 1, 0xc0, 12) },
];
const header = {
  id: 1,
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
const empty: Message = {
  header,
  question: { name, type: 33, class: 1 },
  ...noRecords,
  edns: { payloadBytes: 1_232, subnet },
};
const seeds = [
  empty,
  ...records.map((record) => ({ ...empty, answers: [record], additional: [record] })),
].map((message) => encodeMessage(message, true));

const messages: FuzzTarget = {
  name: 'DNS messages',
  promise: 'damaged DNS messages are refused, or can be encoded and read again',
  seeds,
  open: () => ({
    run: (input) => {
      const message = decodeMessage(input);
      assert.ok(message.answers.length <= decodeCounts(input).answers);
      if (message.question !== undefined) assert.deepEqual(decodeQuestion(input).question, message.question);
      for (const compresses of [true, false]) {
        if (messageLength(message, compresses) > messageBytesMax) continue;
        assert.deepEqual(decodeMessage(encodeMessage(message, compresses)), message);
      }
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

const options: FuzzTarget = {
  name: 'EDNS options',
  promise: 'damaged EDNS options are refused, or name a network that can be echoed',
  seeds: [encodeEdns({ payloadBytes: 512, subnet }), Uint8Array.of(0, 10, 0, 2, 1, 2)],
  open: () => ({
    run: (input) => {
      const echoed = encodeEdns(decodeEdns(512, input));
      assert.deepEqual(encodeEdns(decodeEdns(512, echoed)), echoed);
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

const streams: FuzzTarget = {
  name: 'DNS over streams',
  promise: 'a damaged stream of DNS messages is refused, or is the same in any pieces',
  seeds: [
    Uint8Array.from(seeds.slice(0, 2).flatMap((message) => frame(message).flatMap((part) => [...part]))),
  ],
  open: () => ({
    run: (input) => {
      const whole = new FrameReader(1_024).push(input);
      const reader = new FrameReader(1_024);
      const half = input.length >> 1;
      const pieces = [...reader.push(input.subarray(0, half)), ...reader.push(input.subarray(half))];
      assert.deepEqual(pieces, whole);
    },
  }),
  refuses: (error) => error instanceof DecodeError,
};

/** All of them. */
export const dnsTargets: readonly FuzzTarget[] = [messages, options, streams];
