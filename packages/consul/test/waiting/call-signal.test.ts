// How a call hears that nobody waits for its answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallAbort } from '../../dist/waiting/call-signal.js';

test('who listens is told once that nobody waits any more, and who has stopped listening is not', () => {
  const heard: string[] = [];
  const stopped = () => heard.push('stopped');
  const signal = new CallAbort();
  signal.addEventListener('abort', () => heard.push('first'));
  signal.addEventListener('abort', stopped);
  signal.addEventListener('abort', () => heard.push(`second, ${signal.aborted}`));
  signal.removeEventListener('abort', stopped);
  assert.equal(signal.aborted, false);
  signal.abort();
  signal.abort();
  assert.deepEqual(heard, ['first', 'second, true']);
});
