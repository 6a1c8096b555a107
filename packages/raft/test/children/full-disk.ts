// Writes a log until it may not, says so, is allowed to again, goes on, and says how far it came. To be
// started with a limit on the size of files; see ../disk-full.test.ts.

import { spawnSync } from 'node:child_process';
import { entry } from '../core-kit.ts';
import { close, nothing, openLog } from '../log-kit.ts';

process.on('SIGXFSZ', () => {}); // or the limit would end us
const store = await openLog(process.argv[2] ?? '');
writeFrom(1);

function writeFrom(index: number): void {
  const entries = Array.from({ length: 100 }, (_, i) => entry(index + i, 1, 'x'.repeat(500)));
  const attempt = (): void =>
    store.write({ ...nothing, entries }, (result) => {
      if (result.ok) return index < 4_900 ? writeFrom(index + 100) : finish();
      console.log(`failed ${result.error.message}`);
      spawnSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
      setTimeout(attempt, 10);
    });
  attempt();
}

function finish(): void {
  void close(store).then(() => console.log(`written ${store.lastIndex}`));
}
