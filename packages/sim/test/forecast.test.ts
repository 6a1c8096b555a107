// Forecasts: the classic formula, percentiles, scenarios in small clusters, and the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberlistConfig } from '@reeve/memberlist';
import fc from 'fast-check';
import { spreadOf } from '../dist/forecast/spread.js';
import {
  classicShare,
  classicTimeMs,
  type Forecast,
  type ForecastOptions,
  forecast,
  forecastPage,
  type Profile,
  profiles,
  type Spread,
} from '../dist/index.js';

const lan = { fanout: 3, intervalMs: 200, loss: 0, failed: 0 };

test('the formula gives the figures that were taken from the original page', () => {
  const secondsOf = (members: number, share: number) =>
    (classicTimeMs({ ...lan, members }, share) / 1_000).toFixed(2);
  assert.deepEqual([secondsOf(10, 0.95), secondsOf(10, 0.9999)], ['0.71', '1.55']);
  assert.deepEqual([secondsOf(52, 0.95), secondsOf(52, 0.9999)], ['0.92', '1.76']);
});

test('the time of a share and the share at a time are each the other way round', () => {
  const gossips = fc.record({
    members: fc.integer({ min: 2, max: 100_000 }),
    fanout: fc.integer({ min: 1, max: 10 }),
    intervalMs: fc.integer({ min: 10, max: 5_000 }),
    loss: fc.double({ min: 0, max: 0.9, noNaN: true }),
    failed: fc.double({ min: 0, max: 0.9, noNaN: true }),
  });
  fc.assert(
    fc.property(gossips, fc.double({ min: 0.4, max: 0.9999, noNaN: true }), (gossip, share) => {
      assert.ok(Math.abs(classicShare(gossip, classicTimeMs(gossip, share)) - share) < 1e-9);
    }),
  );
});

test('loss and failures slow the estimate down', () => {
  const timeMs = (change: object) => classicTimeMs({ ...lan, members: 100, ...change }, 0.99);
  assert.ok(timeMs({ loss: 0.5 }) > timeMs({}));
  assert.ok(timeMs({ failed: 0.5 }) > timeMs({}));
  assert.equal(timeMs({ loss: 0.5 }).toFixed(6), (2 * timeMs({})).toFixed(6));
});

test('a share has heard when the last one who belongs to it has, averaged over all news', () => {
  const hundred = { startMs: 1_000, audience: 100, heardAtMs: numbers(100, (index) => 1_000 + 10 * index) };
  const later = { startMs: 5_000, audience: 100, heardAtMs: numbers(100, (index) => 5_000 + 30 * index) };
  const { rows, news } = spreadOf('news', [hundred, later], { withFirst: true });
  assert.equal(news, 2);
  assert.deepEqual(
    rows.map(({ share }) => share),
    [0, 0.5, 0.95, 0.99, 1],
  );
  assert.deepEqual(
    rows.map(({ meanMs }) => meanMs),
    [0, 980, 1_880, 1_960, 1_980],
  );
  assert.deepEqual(
    rows.map(({ slowestMs }) => slowestMs),
    [0, 1_470, 2_820, 2_940, 2_970],
  );
});

test('what not everybody has heard has no time', () => {
  const { rows, curve } = spreadOf('news', [{ startMs: 0, audience: 4, heardAtMs: [1, 2, 8] }]);
  assert.deepEqual(
    rows.map(({ meanMs }) => meanMs),
    [2, undefined, undefined, undefined],
  );
  assert.equal(curve.at(-1)?.share, 0.75);
  assert.deepEqual([curve[0]?.afterMs, curve[0]?.share], [0, 0]);
});

test('an event reaches everybody, and about as fast as the formula says', () => {
  const { spreads, falsePositives } = forecastOf({ scenario: 'event', nodes: 52 });
  const [events] = spreads;
  assert.equal(events?.news, 3);
  const last = events?.rows.at(-1);
  assert.ok(last?.slowestMs !== undefined && last.slowestMs < 1_760, `${last?.slowestMs} ms`);
  assert.equal(last.formulaMs?.toFixed(0), '1757');
  assert.deepEqual(falsePositives, { members: 0, reports: 0 });
});

test('all survivors notice all deaths', () => {
  const { spreads } = forecastOf({ scenario: 'failure', nodes: 20, kill: 4, durationMs: 30_000 });
  const [deaths, sinceFirst] = spreads;
  assert.equal(deaths?.news, 4);
  assert.ok(deaths?.rows.every(({ meanMs }) => meanMs !== undefined && meanMs > 1_000));
  const first = deaths?.rows[0]?.meanMs ?? 0;
  const all = deaths?.rows.at(-1)?.meanMs ?? 0;
  assert.equal(sinceFirst?.rows.at(-1)?.meanMs?.toFixed(6), (all - first).toFixed(6));
});

test('a newcomer is met by all, and meets all', () => {
  const { spreads } = forecastOf({ scenario: 'join', nodes: 20 });
  assert.deepEqual(spreads.map(reachesAll), [true, true]);
});

test('halves that are cut apart give each other up, and find each other when it is healed', () => {
  const { spreads, falsePositives } = forecastOf({ scenario: 'partition', nodes: 12, durationMs: 180_000 });
  assert.deepEqual(spreads.map(reachesAll), [true, true]);
  assert.equal(falsePositives.members, 0);
});

test('halves that are healed before anybody is given up have nothing to find', () => {
  const { spreads } = forecastOf({ scenario: 'partition', nodes: 6, durationMs: 2_000 });
  assert.deepEqual(spreads.map(reachesAll), [false, false]);
  for (const { curve } of spreads) assert.ok(curve.every(({ share }) => share === 0));
});

test('lost packets alone make nobody look failed, as streams repeat what is lost', () => {
  const { falsePositives } = forecastOf({ scenario: 'event', nodes: 20, loss: 0.7, durationMs: 60_000 });
  assert.deepEqual(falsePositives, { members: 0, reports: 0 });
});

test('without streams the living are taken for failed, which is counted', () => {
  const profile = lanWith({ disableStreamPings: true });
  const { falsePositives } = forecastOf({
    ...{ scenario: 'event', nodes: 20, loss: 0.7, durationMs: 60_000 },
    profile,
  });
  assert.ok(falsePositives.members > 0);
  assert.ok(falsePositives.reports >= falsePositives.members);
});

test('who gossips to more members sends more', () => {
  const quiet = forecastOf({ scenario: 'event', nodes: 20 }).traffic;
  const total = quiet.bytesPerSecond.reduce((sum, bytes) => sum + bytes, 0) / quiet.bytesPerSecond.length;
  assert.equal(total.toFixed(3), (quiet.packetBytesPerSecond + quiet.streamBytesPerSecond).toFixed(3));
  const loud = forecastOf({ scenario: 'event', nodes: 20, profile: lanWith({ gossipNodes: 9 }) }).traffic;
  assert.ok(loud.packetBytesPerSecond > quiet.packetBytesPerSecond);
});

test('the same seed gives the same forecast, another another', () => {
  const rowsOf = (seed: number) => forecastOf({ scenario: 'event', nodes: 20, seed }).spreads[0]?.rows;
  assert.deepEqual(rowsOf(5), rowsOf(5));
  assert.notDeepEqual(rowsOf(5), rowsOf(6));
});

test('an axis of the page ends soon after what is drawn on it', () => {
  const found = forecastOf({ scenario: 'event', nodes: 8, durationMs: 30_000 });
  const [, , traffic = ''] = forecastPage(found, '', []).split('<svg ');
  const texts = [...traffic.matchAll(/<text [^>]*text-anchor="middle">([^<]*)</g)].map(([, text]) => text);
  assert.deepEqual(texts, ['0', '5', '10', '15', '20', '25', '30']);
});

test('the page is well-formed and needs nothing from anywhere', () => {
  const found = forecastOf({ scenario: 'failure', nodes: 8, kill: 2 });
  const page = forecastPage(found, 'a < b & c', [{ name: 'a & b', lines: ['1 < 2', '3'] }]);
  assert.ok(page.includes('<h1>a &lt; b &amp; c</h1>'));
  assert.ok(page.includes('<dt>a &amp; b</dt><dd>1 &lt; 2<br/>3</dd>'));
  assert.equal(page.match(/<svg /g)?.length, 3);
  assert.doesNotMatch(page, /NaN|Infinity|undefined|https?:|<script|<link|@import|url\(/);
  const open: string[] = [];
  for (const [, closing, name = '', empty] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^<>]*?(\/?)>/g)) {
    if (closing) assert.equal(open.pop(), name);
    else if (!empty) open.push(name);
  }
  assert.deepEqual(open, []);
});

function forecastOf(
  change: Partial<ForecastOptions> & Pick<ForecastOptions, 'scenario' | 'nodes'>,
): Forecast {
  const usual = { profile: profiles.lan, loss: 0, latencyMs: 1, seed: 1, kill: 1, durationMs: 20_000 };
  const running = forecast({ ...usual, ...change });
  let step = running.next();
  while (!step.done) step = running.next();
  return step.value;
}

function lanWith(change: Partial<MemberlistConfig>): Profile {
  return (name) => {
    const config = profiles.lan(name);
    return { ...config, memberlist: { ...config.memberlist, ...change } };
  };
}

function reachesAll({ rows }: Spread): boolean {
  return rows.at(-1)?.meanMs !== undefined;
}

function numbers(count: number, of: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => of(index));
}
