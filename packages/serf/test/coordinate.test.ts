// Vivaldi coordinates. Vectors: upstream coordinate/*_test.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Coordinate, coordinateDistanceMs } from '@reeve/serf/core';
import { CoordinateClient } from '../dist/core/coordinate/client.js';
import { applyForce, distance } from '../dist/core/coordinate/coordinate.js';
import { ackPayload, onPingComplete } from '../dist/core/ping.js';
import { forgetMember } from '../dist/core/prune.js';
import { decodeCoordinate, encodeCoordinate } from '../dist/core/wire/coordinate.js';
import { createRig, nodeCalled } from './support/rig.js';

test('[68] a force pushes straight away from the other coordinate', () => {
  const pushed = applyForce(at(0, 0, 0), at(0, 0, 2.9), 5.3, 0, half);
  assert.deepEqual(pushed.vec, [0, 0, -5.3]);
});

test('[68] on the same spot the direction is left to chance, the length is not', () => {
  const pushed = applyForce(at(0, 0, 0), at(0, 0, 0), 1, 0, numbers([0.9, 0.1, 0.4]));
  assert.ok(Math.abs(Math.hypot(...pushed.vec) - 1) < 1e-12);
  assert.deepEqual(applyForce(at(0, 0, 0), at(0, 0, 0), 1, 0, half).vec, [1, 0, 0]);
});

test('[68] a force changes the height in proportion, but never below its minimum', () => {
  const origin = { ...at(0, 0, 0), height: 1e-5 };
  const above = { ...at(0, 0, 2.9), height: 0 };
  const pushed = applyForce(origin, above, 5.3, 1e-5, half);
  assert.ok(Math.abs(pushed.height - (1e-5 + (5.3 * 1e-5) / 2.9)) < 1e-15);
  assert.equal(applyForce(origin, above, -5.3, 1e-5, half).height, 1e-5);
});

test('[68] distances include heights, and adjustments unless the sum is not above 0', () => {
  const [a, b] = [at(-0.5, 1.3, 2.4), at(1.2, -2.3, 3.4)];
  close(distance(a, a), 0);
  close(distance(a, b), 4.10487515);
  close(distance({ ...a, adjustment: -1e6 }, b), 4.10487515);
  close(distance({ ...a, adjustment: 0.1 }, { ...b, adjustment: 0.2 }), 4.10487515 + 0.3);
  close(distance({ ...a, height: 0.7 }, { ...b, height: 0.1 }), 4.10487515 + 0.8);
  assert.equal(coordinateDistanceMs(a, b), distance(a, b) * 1_000);
});

test('the farther a coordinate is from the origin, the more it is pulled back', () => {
  const client = new CoordinateClient(half);
  client.observe('b', new CoordinateClient(half).coordinate, 10);
  const pushed = 0.125 * (10 - 2e-5);
  const fromOrigin = pushed + 2e-5 + (10 - pushed - 2e-5) / 40;
  assert.ok(Math.abs((client.coordinate.vec[0] ?? 0) - (pushed - (fromOrigin / 150) ** 2)) < 1e-8);
});

test('[68] two nodes learn the time between them', () => {
  const random = numbers([0.2, 0.7, 0.4, 0.9, 0.1]);
  const [a, b] = [new CoordinateClient(random), new CoordinateClient(random)];
  for (let i = 0; i < 200; i++) {
    a.observe('b', b.coordinate, 0.005);
    b.observe('a', a.coordinate, 0.005);
  }
  assert.ok(Math.abs(coordinateDistanceMs(a.coordinate, b.coordinate) - 5) < 0.25);
  assert.ok(a.coordinate.error < 0.5);
  assert.equal(a.resets, 0);
});

test('[68] the first observation moves us as far as the formulas say', () => {
  const client = new CoordinateClient(half);
  const other = new CoordinateClient(half).coordinate;
  const observed = client.observe('b', other, 0.1);
  assert.ok(observed.accepted);
  // weight 1/2; distance 2e-5; force 0.25 × 0.5 × (0.1 - 0.00002) along the first axis.
  const force = 0.125 * (0.1 - 2e-5);
  const { vec, error, adjustment, height } = client.coordinate;
  assert.ok(Math.abs((vec[0] ?? 0) - force) < 1e-8);
  assert.ok(Math.abs(error - (0.125 * (0.1 - 2e-5) * 10 + 1.5 * 0.875)) < 1e-9);
  assert.ok(Math.abs(adjustment - (0.1 - force - 2e-5) / 40) < 1e-8);
  assert.ok(Math.abs(height - 1e-5) < 1e-9);
});

test('[68] one slow packet among three moves nothing: the median counts', () => {
  const [steady, disturbed] = [new CoordinateClient(half), new CoordinateClient(half)];
  const other = { ...new CoordinateClient(half).coordinate, vec: [0.1, 0, 0, 0, 0, 0, 0, 0] };
  for (const client of [steady, disturbed]) {
    client.observe('b', other, 0.1);
    client.observe('b', other, 0.1);
  }
  steady.observe('b', other, 0.1);
  disturbed.observe('b', other, 9);
  assert.deepEqual(disturbed.coordinate, steady.coordinate);
});

test('coordinates that are none are refused and change nothing', () => {
  const client = new CoordinateClient(half);
  const { coordinate } = client;
  const refused: readonly (readonly [Coordinate, number])[] = [
    [{ ...coordinate, vec: [0, 0, 0] }, 0.1],
    [{ ...coordinate, error: Number.NaN }, 0.1],
    [{ ...coordinate, vec: [0, 0, 0, 0, 0, 0, 0, Number.POSITIVE_INFINITY] }, 0.1],
    [coordinate, -0.001],
    [coordinate, 10.1],
    [coordinate, Number.NaN],
  ];
  for (const [other, rttSeconds] of refused) {
    assert.equal(client.observe('b', other, rttSeconds).accepted, false);
  }
  assert.deepEqual(client.coordinate, coordinate);
});

test('when arithmetic runs away our coordinate starts over', () => {
  const client = new CoordinateClient(half);
  const { coordinate } = client;
  client.observe('b', { ...coordinate, height: 1e308, vec: [1e308, 0, 0, 0, 0, 0, 0, 0] }, 0.1);
  client.observe('b', { ...coordinate, height: 1e308, vec: [1e308, 1e308, 0, 0, 0, 0, 0, 0] }, 0.1);
  assert.ok(client.resets > 0);
  assert.deepEqual(client.coordinate, coordinate);
});

test('[11] answers to pings carry version 1 and our coordinate, 130 bytes, or nothing when disabled', () => {
  const payload = ackPayload(createRig().machine);
  assert.equal(payload.length, 130);
  assert.equal(payload[0], 1);
  assert.equal(decodeCoordinate(payload).vec.length, 8);
  assert.equal(ackPayload(createRig({ disableCoordinates: true }).machine).length, 0);
});

test('[11] the coordinate in an answer moves ours, and both are remembered', () => {
  const { machine, join, host } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  const theirs = new CoordinateClient(half).coordinate;
  onPingComplete(machine, node, 20, encodeCoordinate(theirs));
  assert.deepEqual(machine.coordinates?.known.get('web1'), theirs);
  assert.notDeepEqual(machine.coordinates?.known.get('me'), theirs);
  assert.equal(host.samples.get('serf.coordinate.adjustment-ms')?.length, 1);
});

test('a member that was forgotten and comes back is measured like one never seen before', () => {
  const answer = encodeCoordinate(new CoordinateClient(half).coordinate);
  const coordinateAfter = (name: string) => {
    const { machine, join } = createRig();
    const web1 = nodeCalled('web1', '10.0.0.2');
    join(web1);
    for (const rttMs of [20, 20]) onPingComplete(machine, web1, rttMs, answer);
    const state = machine.members.get('web1');
    assert.ok(state);
    forgetMember(machine, state);
    assert.equal(machine.coordinates?.known.get('web1'), undefined);
    const newcomer = nodeCalled(name, '10.0.0.2');
    join(newcomer);
    onPingComplete(machine, newcomer, 900, answer);
    return machine.coordinates?.client.coordinate;
  };
  assert.deepEqual(coordinateAfter('web1'), coordinateAfter('web2'));
});

test('payloads that are no coordinate are logged and counted', () => {
  const { machine, join, lines, host } = createRig();
  const node = nodeCalled('web1', '10.0.0.2');
  join(node);
  lines();
  onPingComplete(machine, node, 20, new Uint8Array(0));
  onPingComplete(machine, node, 20, Uint8Array.of(2, 0x80));
  onPingComplete(machine, node, 20, Uint8Array.of(1, 0x81));
  onPingComplete(machine, node, 20, Uint8Array.of(1, 0x80));
  assert.deepEqual(lines(), [
    '[ERR] serf: Unsupported ping version: 2',
    '[ERR] serf: Failed to decode coordinate from ping: input ends early: at least 4 bytes are needed',
    "[TRACE] serf: Rejected coordinate from web1: dimensions aren't compatible",
  ]);
  assert.equal(host.counters.get('serf.coordinate.rejected'), 1);
});

function at(...vec: readonly number[]): Coordinate {
  return { vec, error: 1.5, adjustment: 0, height: 0 };
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-8, `${actual} is not ${expected}`);
}

/** Chance that has no preference: leaves the direction to the rule's last resort. */
function half(): number {
  return 0.5;
}

function numbers(sequence: readonly number[]): () => number {
  let at = 0;
  return () => sequence[at++ % sequence.length] ?? 0;
}
