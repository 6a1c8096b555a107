// Joins that must fail because of keys, in both directions. The joiner prints what the other side answered,
// so the texts cross: they are the golden ones whoever asks and whoever answers.

import { equal, match, ok } from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Cluster,
  expectStatuses,
  type Program,
  peersMissing,
  reeve,
  serf094,
  serf0101,
} from '@reeve/interop';

const keyA = `-encrypt=${Buffer.alloc(32, 'A').toString('base64')}`;
const keyB = `-encrypt=${Buffer.alloc(32, 'B').toString('base64')}`;

const cases: readonly { title: string; joiner: string[]; other: string[]; text: string }[] = [
  {
    title: 'with the wrong key',
    joiner: [keyB],
    other: [keyA],
    text: 'No installed keys could decrypt the message',
  },
  {
    title: 'without a key an encrypted cluster',
    joiner: [],
    other: [keyA],
    text: 'Remote state is encrypted and encryption is not configured',
  },
  {
    title: 'with a key a cluster without',
    joiner: [keyA],
    other: [],
    text: 'Encryption is configured but remote state is not encrypted',
  },
];

const pairs: readonly (readonly [joiner: Program, other: Program])[] = [
  [reeve, serf094],
  [reeve, serf0101],
  [serf094, reeve],
  [serf0101, reeve],
  [reeve, reeve],
];

describe('[23] joins that keys forbid', { skip: peersMissing(), concurrency: true }, () => {
  for (const { title, joiner, other, text } of cases) {
    for (const [joins, answers] of pairs) {
      test(`${joins.title} joins ${title}, ${answers.title}: "${text}"`, async (t) => {
        const cluster = await Cluster.of(t);
        const contact = await cluster.start(answers, 'contact', ...other);
        const { exit, stdout } = await cluster.startToFail(
          joins,
          'joiner',
          ...joiner,
          `-join=${contact.gossip}`,
        );
        equal(exit, 1);
        match(stdout, /^==> 1 error occurred:$/m);
        ok(stdout.includes(`: ${text}\n\n`), stdout);
        await expectStatuses([contact], { contact: 'alive' });
      });
    }
  }
});
