// Runs of single scripts under conditions that no agent should meet.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const scriptRun = new URL('../../dist/event-handlers/script-run.js', import.meta.url);

test('a script that cannot be started for want of file descriptors has failed, and nobody else', () => {
  const program = `
    import { openSync } from 'node:fs';
    import { runScript } from '${scriptRun}';
    try {
      for (;;) openSync('/dev/null');
    } catch {}
    const { failure } = await runScript('true', {}, new Uint8Array(0)).outcome;
    console.log(failure);`;
  const node = [process.execPath, '--input-type=module', '--eval', program];
  const printed = execFileSync('/bin/sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node], {
    stdio: 'pipe',
  });
  assert.equal(`${printed}`, 'spawn /bin/sh EMFILE\n');
});
