// Each fault alone: what it does to datagrams, where, and that it ends.

import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom, VirtualWorld } from '@reeve/runtime/virtual';
import {
  combined,
  constant,
  cut,
  type Distribution,
  duplication,
  exponential,
  type Fault,
  latency,
  logNormal,
  loss,
  partition,
  reordering,
  uniform,
} from '@reeve/sim';

const a = { host: '10.0.0.1', port: 7946 };
const b = { host: '10.0.0.2', port: 7946 };

/** What becomes of so many datagrams from a to b, or back, under a fault. */
function fly(fault: Fault, count = 1_000, back = false): readonly (readonly number[])[] {
  const { network, end } = underFault(fault);
  const [from, to] = back ? [b, a] : [a, b];
  const launch = () => network.launch(new Uint8Array(1), from, to, from.host, to.host);
  const flights = Array.from({ length: count }, launch);
  end();
  deepEqual(launch(), [10], 'an ended fault does nothing');
  return flights;
}

function underFault(fault: Fault) {
  const { network } = new VirtualWorld({ seed: 1 });
  network.latency = () => 10;
  return { network, end: fault({ network, random: new SeededRandom(3) }) };
}

const share = <T>(items: readonly T[], holds: (item: T) => boolean) =>
  items.filter(holds).length / items.length;
const isNear = (value: number, wanted: number, by = 0.05) => ok(Math.abs(value - wanted) < by, `${value}`);

test('loss takes its share of all datagrams', () => {
  isNear(
    share(fly(loss(0.2)), (flight) => flight.length === 0),
    0.2,
  );
  equal(
    share(fly(loss(1)), (flight) => flight.length === 0),
    1,
  );
});

test('duplication repeats its share, a little later', () => {
  const flights = fly(duplication(0.3, 50));
  const copies = flights.filter((flight) => flight.length === 2);
  isNear(copies.length / flights.length, 0.3);
  ok(copies.every(([first, second = 0]) => first === 10 && second >= 10 && second < 60));
});

test('reordering holds its share back, so that later ones overtake', () => {
  const flights = fly(reordering(0.25, 100));
  isNear(
    share(flights, ([ms = 0]) => ms > 10),
    0.25,
  );
  ok(flights.every(([ms = 0]) => ms >= 10 && ms < 110));
});

test('a fault may be about one way only', () => {
  const way = (from: string) => from === a.host;
  for (const fault of [
    loss(1, way),
    duplication(1, 5, way),
    reordering(1, 5, way),
    latency(constant(99), way),
  ]) {
    ok(fly(fault, 10).every((flight) => String(flight) !== '10'));
    ok(fly(fault, 10, true).every((flight) => String(flight) === '10'));
  }
});

test('a cut loses everything one way, a partition both ways', () => {
  const isLost = (flight: readonly number[]) => flight.length === 0;
  const machines = [{ ip: a.host }];
  ok(fly(cut(machines), 10).every(isLost));
  ok(!fly(cut(machines), 10, true).some(isLost));
  ok(fly(partition(machines, [{ ip: b.host }]), 10).every(isLost));
  ok(fly(partition(machines), 10, true).every(isLost));
});

test('faults go together, and end together', () => {
  const flights = fly(combined(latency(constant(20)), duplication(1, 0), loss(0.5)));
  ok(flights.flat().every((ms) => ms === 20));
  isNear(
    share(flights, (flight) => flight.length === 2),
    0.25,
  );
  isNear(
    share(flights, (flight) => flight.length === 0),
    0.25,
  );
});

test('of several latencies the last one set holds, whatever order they end in', () => {
  const { network, end: endFirst } = underFault(latency(constant(20)));
  const endSecond = latency(constant(30))({ network, random: new SeededRandom(3) });
  const now = () => network.latency(a.host, b.host);
  equal(now(), 30);
  endFirst();
  equal(now(), 30);
  endSecond();
  equal(now(), 10);
});

test('distributions have the shape they are named after', () => {
  const draw = (distribution: Distribution) => {
    const random = new SeededRandom(1);
    return Array.from({ length: 20_000 }, () => distribution(random)).sort((x, y) => x - y);
  };
  const mean = (draws: readonly number[]) => draws.reduce((sum, ms) => sum + ms, 0) / draws.length;
  const at = (draws: readonly number[], place: number) => draws[Math.floor(place * draws.length)] ?? 0;
  deepEqual([...new Set(draw(constant(7)))], [7]);
  const even = draw(uniform(10, 30));
  ok(at(even, 0) >= 10 && at(even, 0.9999) < 30);
  isNear(mean(even), 20, 0.2);
  isNear(mean(draw(exponential(50))), 50, 2);
  const tailed = draw(logNormal(20, 1));
  isNear(at(tailed, 0.5), 20, 1);
  isNear(at(tailed, 0.8413), 20 * Math.E, 3);
  ok(at(tailed, 0) > 0);
});
