// Questions and answers, and the cluster's keys.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyChangeError, type QueryEvent, type SerfNode } from '@reeve/serf';
import { asked, collect, eventually, start, startCluster } from './support/nodes.ts';

test('everybody answers once, the asking node included, and the loop ends with the timeout', async (t) => {
  const nodes = await startCluster(t, ['a', 'b', 'c']);
  for (const node of nodes) {
    node.on('query:load', (query) =>
      query.respond(`${query.payload} of ${node.self.name} for ${query.from}`),
    );
  }
  await asked(async () => {
    const startedAtMs = performance.now();
    const answers = await collect(asker(nodes).query('load', 'cpu', { timeoutMs: 1_500 }));
    assert.ok(performance.now() - startedAtMs >= 1_499);
    assert.deepEqual(answers.map(({ from, payload }) => `${from}: ${payload}`).sort(), [
      'a: cpu of a for a',
      'b: cpu of b for a',
      'c: cpu of c for a',
    ]);
  });
});

test('only those are asked whose name or tags match', async (t) => {
  const nodes = await startCluster(t, ['a', 'b']);
  await nodes[1]?.setTags({ role: 'web-2' });
  for (const node of nodes) node.on('query', (query) => query.respond(''));
  const expectAnswers = (options: object, names: string[]) =>
    asked(async () => {
      const answers = await collect(asker(nodes).query('load', '', { timeoutMs: 800, ...options }));
      assert.deepEqual(
        answers.map(({ from }) => from),
        names,
      );
    });
  await expectAnswers({ nodes: ['a'] }, ['a']);
  await eventually('a knows the role of b', () => tagOf(asker(nodes), 'b', 'role') === 'web-2');
  await expectAnswers({ tags: { role: '^web-[0-9]$' } }, ['b']);
});

test('who got the query is told even if nobody answers', async (t) => {
  const nodes = await startCluster(t, ['a', 'b']);
  await asked(async () => {
    const acks: string[] = [];
    const options = { timeoutMs: 1_000, onAck: (from: string) => void acks.push(from) };
    assert.deepEqual(await collect(asker(nodes).query('load', '', options)), []);
    assert.deepEqual(acks.sort(), ['a', 'b']);
  });
});

test('leaving the loop ends the query', async (t) => {
  const node = await start(t, 'a');
  node.on('query', (query) => query.respond('1'));
  const startedAtMs = performance.now();
  for await (const { from } of node.query('load', '', { timeoutMs: 60_000 })) {
    assert.equal(from, 'a');
    break;
  }
  assert.ok(performance.now() - startedAtMs < 10_000);
});

test('closing the node ends its queries', async (t) => {
  const node = await start(t, 'a');
  const answers = collect(node.query('load', '', { timeoutMs: 60_000 }));
  await node.close({ leave: false });
  assert.deepEqual(await answers, []);
});

test('an answer is given once, and not too large', async (t) => {
  const node = await start(t, 'a');
  const queries: QueryEvent[] = [];
  node.on('query', (query) => queries.push(query));
  const answers = collect(node.query('load', '', { timeoutMs: 2_000 }));
  await eventually('it is asked', () => queries.length === 1);
  const [query] = queries as [QueryEvent];
  assert.ok(query.timeLeftMs > 0 && query.timeLeftMs <= 2_000);
  assert.throws(() => query.respond('x'.repeat(1_100)), /response exceeds limit of 1024 bytes/);
  assert.equal(query.respond('1'), true);
  assert.throws(() => query.respond('2'), { name: 'SerfError', message: 'response already sent' });
  assert.equal((await answers).length, 1);
  await eventually('it is over', () => query.timeLeftMs === 0);
  assert.throws(() => node.query('load', 'x'.repeat(2_000)), /query exceeds limit of 1024 bytes/);
});

test('an answer that comes too late, or is too large by a few bytes, throws nothing', async (t) => {
  const lines: string[] = [];
  const node = await start(t, 'a', { log: (_level, text) => lines.push(text) });
  const queries: QueryEvent[] = [];
  node.on('query', (query) => queries.push(query));
  assert.deepEqual(await collect(node.query('late', '', { timeoutMs: 100 })), []);
  await eventually('it is too late', () => queries[0]?.timeLeftMs === 0);
  assert.equal(queries[0]?.respond('1'), false);
  assert.ok(lines.at(-1)?.endsWith('failed to respond to key query: response is past the deadline'));
  const answers = collect(node.query('long', '', { timeoutMs: 3_000, nodes: ['a'] }));
  await eventually('it is asked', () => queries.length === 2);
  assert.equal(queries[1]?.respond('x'.repeat(1_020)), false);
  assert.ok(lines.at(-1)?.endsWith('failed to respond to key query: response exceeds limit of 1024 bytes'));
  assert.deepEqual(await answers, []);
});

test('keys are changed for everybody, given as base64 or as bytes', async (t) => {
  const [old, fresh] = [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2)];
  const oldText = Buffer.from(old).toString('base64');
  const nodes = await startCluster(t, ['a', 'b'], { encryptKeys: [oldText] });
  const { keys } = asker(nodes);
  await asked(async () => assert.equal((await keys.install(fresh)).responses, 2));
  await asked(async () => void (await keys.use(Buffer.from(fresh).toString('base64'))));
  await asked(async () => void (await keys.remove(oldText)));
  await asked(async () => {
    const { keys: counts, primaryKeys } = await keys.list();
    const expected = new Map([[Buffer.from(fresh).toString('base64'), 2]]);
    assert.deepEqual([counts, primaryKeys], [expected, expected]);
  });
  await asked(() =>
    assert.rejects(keys.remove(fresh), (error: unknown) => {
      assert.ok(error instanceof KeyChangeError);
      assert.equal(error.message, '2/2 nodes reported failure');
      assert.equal(error.response.messages.get('b'), 'Removing the primary key is not allowed');
      return true;
    }),
  );
});

function asker(nodes: readonly SerfNode[]): SerfNode {
  return nodes[0] as SerfNode;
}

function tagOf(node: SerfNode, name: string, tag: string): string | undefined {
  return node.members().find((member) => member.name === name)?.tags[tag];
}
