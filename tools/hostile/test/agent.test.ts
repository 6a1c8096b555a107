// Every class of the corpus, in small, at a running agent that has another for company: nobody dies, grows,
// or is left with a wrong belief, and events and joins pass afterwards. In full, with figures:
// `npm run hostile`.

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  corpus,
  type HostileClass,
  isHarmless,
  type Pair,
  probedReeve,
  tableRow,
  tryClass,
} from '@reeve/hostile';
import { Cluster } from '@reeve/interop';

describe('hostile input at an agent', () => {
  test('every class leaves no trace in a plain cluster', (t) => tryAll(t, corpus, []));

  test('who has not the key leaves no trace in a cluster that has one', (t) => {
    const key = Buffer.alloc(32, 'A').toString('base64');
    const names = ['truncation', 'false-lengths', 'bombs', 'sealed-nonsense', 'stolen-names'];
    const classes = corpus.filter(({ name }) => names.includes(name));
    assert.equal(classes.length, names.length);
    return tryAll(t, classes, [`-encrypt=${key}`]);
  });
});

/** One class after the other at the same agents. */
async function tryAll(
  t: TestContext,
  classes: readonly HostileClass[],
  flags: readonly string[],
): Promise<void> {
  const cluster = await Cluster.of(t);
  const pair = await startPair(cluster, flags);
  for (const tried of classes) {
    await t.test(tried.title, async (t) => {
      cluster.reportFailure(t);
      const finding = await tryClass(pair, tried, { isBrief: true, watchMs: 0 });
      assert.ok(isHarmless(finding), tableRow(finding));
      assert.ok(finding.inputs > 0);
    });
  }
}

async function startPair(cluster: Cluster, flags: readonly string[]): Promise<Pair> {
  const program = probedReeve(cluster.folder);
  const target = await cluster.start(program, 'target', '-log-level=info', ...flags);
  const other = await cluster.start(program, 'other', '-log-level=info', `-join=${target.gossip}`, ...flags);
  return [target, other];
}
