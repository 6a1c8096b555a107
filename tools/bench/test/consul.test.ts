// A tiny round of ours: a server starts, takes a load of writes and one of reads, and is gone.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import {
  chooseMeasures,
  getRequest,
  loadFigures,
  loadValues,
  putRequest,
  unknownMeasure,
  withServers,
} from '@reeve/bench';
import { reeveConsul } from '@reeve/interop';

test('a load of writes and one of reads yield the figures that were announced', async () => {
  const lines: string[] = [];
  let pid = 0;
  await withServers(reeveConsul, { count: 1 }, async (servers) => {
    const { leader } = await servers.roles();
    pid = leader.pid;
    const job = {
      protocol: 'http',
      host: leader.host,
      port: 8500,
      underWay: 2,
      warmUpMs: 0,
      watchMs: 'each-once',
      pids: servers.pids,
    } as const;
    const keys = Array.from({ length: 20 }, (_, key) => `/v1/kv/load/${key}`);
    const requestsOf = {
      puts: keys.map((path) => putRequest(leader.host, path, 'value')),
      gets: keys.map((path) => getRequest(leader.host, path)),
    };
    for (const [title, requests] of Object.entries(requestsOf)) {
      const values = await loadValues(title, { ...job, requests }, (line) => lines.push(line));
      assert.deepEqual(Object.keys(values), Object.keys(loadFigures([{ title }])));
      assert.ok(Object.values(values).every(Number.isFinite), lines.at(-1));
    }
    assert.equal(((await leader.json('/v1/kv/load?keys')) as string[]).length, 20);
  });
  assert.equal(lines.length, 2);
  assert.equal(existsSync(`/proc/${pid}`), false);
});

test('a word chooses the measure of that name, and those whose names begin with it', () => {
  const namesOf = (...words: string[]): string[] =>
    chooseMeasures(words).flatMap(({ measures }) => measures.map(({ name }) => name));
  assert.deepEqual(namesOf('packets', 'consul-get'), ['packets', 'consul-get']);
  assert.ok(namesOf('consul').length > 1 && namesOf('consul').every((name) => name.startsWith('consul-')));
  assert.equal(unknownMeasure(['consul', 'packets']), undefined);
  assert.match(unknownMeasure(['packet']) ?? '', /no measure "packet"/);
});
