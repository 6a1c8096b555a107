// What comes in over multicast DNS is answered, understood, or refused with a DecodeError; and no packet
// makes us say more than a node has to say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { fuzzTarget } from '@reeve/fuzz';
import { readProbes } from '@reeve/golden';
import { EntryCollector } from '../../dist/discovery/entries.js';
import { answersTo, serviceName } from '../../dist/discovery/service.js';
import { decodeAnswer } from '../../dist/discovery/wire/message.js';

const exchanges = ['probe-responses', 'probe-responses-ipv6-member'].flatMap((name) =>
  readProbes(name, 'mdns'),
);
const endpoint = { host: '10.77.0.1', port: 7946 };
const announcement = { cluster: 'web', node: 'ma', hostName: 'vm', endpoint };

test('a query is answered or refused', () => {
  const counts = fuzzTarget({
    name: 'mDNS query',
    seeds: exchanges.map(({ request }) => request.bytes),
    run(input) {
      const answers = answersTo(input, announcement);
      assert.ok(answers.length <= 2);
      for (const answer of answers) assert.ok(answer.length < 512);
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});

test('an answer names hosts or is refused', () => {
  const collector = new EntryCollector(serviceName('web'));
  const counts = fuzzTarget({
    name: 'mDNS answer',
    seeds: exchanges.flatMap(({ responses }) => responses.map(({ bytes }) => bytes)),
    run(input) {
      for (const { host, port } of collector.take(decodeAnswer(input) ?? []).hosts) {
        assert.match(host, /^[0-9a-f.:]+$/);
        assert.ok(port > 0 && port < 65_536);
      }
    },
    allow: (error) => error instanceof DecodeError,
  });
  assert.ok(counts.accepted > 0 && counts.rejected > 0);
});
