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

test('a clock that was driven to the top of its range stays there', () => {
  const clock = new LamportClock();
  clock.witness(lamportTimeMax);
  assert.equal(clock.time, lamportTimeMax);
  clock.increment();
  assert.equal(clock.time, lamportTimeMax);
});
