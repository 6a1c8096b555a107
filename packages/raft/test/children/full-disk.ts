// Writes a log until it may not, says so, is allowed to again, goes on, and says how far it came. To be
// started with a limit on the size of files; see ../disk-full.test.ts.

import { spawnSync } from 'node:child_process';
import { openLmdbLogStore } from '@reeve/raft/lmdb';
import { entry } from '../core-kit.ts';

process.on('SIGXFSZ', () => {}); // or the limit would end us
const store = openLmdbLogStore(process.argv[2] ?? '');
writeFrom(1);

function writeFrom(index: number): void {
  const entries = Array.from({ length: 100 }, (_, i) => entry(index + i, 1, 'x'.repeat(500)));
  const write = { hardState: undefined, removeFrom: undefined, removeTo: 0, entries, thenSend: [] };
  const attempt = (): void =>
    store.write(write, (result) => {
      if (result.ok) return index < 4_900 ? writeFrom(index + 100) : finish();
      console.log(`failed ${result.error.message}`);
      spawnSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
      setTimeout(attempt, 10);
    });
  attempt();
}

function finish(): void {
  store.close(() => console.log(`written ${store.lastIndex}`));
}
