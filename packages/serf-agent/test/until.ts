// Waiting for what a busy machine takes its time for.

import assert from 'node:assert/strict';

/** Settles when `isTrue`; fails when that takes too long. */
export async function until(isTrue: () => boolean, seen: () => string = () => ''): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!isTrue()) {
    assert.ok(performance.now() < deadlineMs, `it did not happen within a minute: ${isTrue}\n${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const patienceMs = 60_000;
