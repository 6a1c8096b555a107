// What comes in over multicast DNS is answered, understood, or refused with a DecodeError; and no packet
// makes us say more than a node has to say.

import assert from 'node:assert/strict';
import { DecodeError } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { readProbes } from '@reeve/golden';
import { EntryCollector } from '../../dist/discovery/entries.js';
import { answersTo, serviceName } from '../../dist/discovery/service.js';
import { decodeAnswer, decodeQuery } from '../../dist/discovery/wire/message.js';

const exchanges = ['probe-responses', 'probe-responses-ipv6-member'].flatMap((name) =>
  readProbes(name, 'mdns'),
);
const endpoint = { host: '10.77.0.1', port: 7946 };
const announcement = { cluster: 'web', node: 'ma', hostName: 'vm', endpoint };
const refuses = (error: unknown) => error instanceof DecodeError;

const queries: FuzzTarget = {
  name: 'mDNS queries',
  promise: 'an mDNS query is answered or refused',
  seeds: exchanges.map(({ request }) => request.bytes),
  open: () => ({
    run: (input) => {
      const answers = answersTo(input, announcement);
      assert.ok(answers.length <= 2);
      for (const answer of answers) assert.ok(answer.length < 512);
      if (decodeQuery(input) === undefined) assert.equal(answers.length, 0);
    },
  }),
  refuses,
};

const answers: FuzzTarget = {
  name: 'mDNS answers',
  promise: 'an mDNS answer names hosts or is refused',
  seeds: exchanges.flatMap(({ responses }) => responses.map(({ bytes }) => bytes)),
  open: () => {
    const collector = new EntryCollector(serviceName('web'));
    return {
      run: (input) => {
        for (const { host, port } of collector.take(decodeAnswer(input) ?? []).hosts) {
          assert.match(host, /^[0-9a-f.:]+$/);
          assert.ok(port > 0 && port < 65_536);
        }
      },
    };
  },
  refuses,
};

export const mdnsTargets: readonly FuzzTarget[] = [queries, answers];
