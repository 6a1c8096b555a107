// Lamport clocks, up to the top of their range.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LamportClock, lamportTimeMax } from '../dist/core/lamport-clock.js';

test('a clock begins at 1', () => {
  assert.equal(new LamportClock().time, 1);
});

test('a clock is one later than anything it has seen, and older times change nothing', () => {
  const clock = new LamportClock();
  clock.witness(41);
  assert.equal(clock.time, 42);
  clock.witness(41);
  clock.witness(7);
  assert.equal(clock.time, 42);
  clock.witness(42);
  assert.equal(clock.time, 43);
});

test('nobody drives a clock farther than half its range, and beyond that it takes steps only', () => {
  const clock = new LamportClock();
  assert.equal(clock.witness(2 ** 52), true);
  assert.equal(clock.time, 2 ** 52 + 1);
  assert.equal(clock.witness(2 ** 52 + 60_000), true);
  const now = clock.time;
  assert.equal(clock.witness(lamportTimeMax), false);
  assert.equal(clock.time, now);
});

test('a refused message moves no clock: all others would be old to who alone has heard it', () => {
  const clock = new LamportClock();
  assert.equal(clock.witness(2 ** 52 + 1), false);
  assert.equal(clock.time, 1);
});

test('wherever exchanges that others began bring a clock, all believe what it counts on from there', () => {
  const driven = new LamportClock();
  for (let exchange = 0; exchange < 1_000; exchange++) driven.follow(lamportTimeMax, false);
  for (let message = 0; message < 1_000; message++) driven.witness(lamportTimeMax);
  assert.equal(new LamportClock().witness(driven.time), true);
});

test('a clock follows that of whom we asked, into a cluster that is beyond', () => {
  const clock = new LamportClock();
  const told = 2 ** 52 + 200_000;
  assert.equal(clock.witness(told), false);
  clock.follow(told, true);
  assert.equal(clock.time, told + 1);
  assert.equal(clock.witness(told + 1), true);
});

test('a clock at the top of its range stays there', () => {
  const clock = new LamportClock();
  clock.restore(lamportTimeMax);
  assert.equal(clock.time, lamportTimeMax);
  clock.increment();
  assert.equal(clock.time, lamportTimeMax);
});
