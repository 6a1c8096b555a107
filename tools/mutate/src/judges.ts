// Which tests are asked about a fault, and in which order: those of the package, then those of what is built
// on it. First those that have the file's name or import it, then those in a folder of the name of the
// file's; long ones last, and fuzz targets at the very end. Tests that start our programs are not asked,
// because the programs are bundled from other files; nor are those of whole nodes on real sockets, where a
// busy machine can make any test fail.

import { basename, dirname } from 'node:path';
import type { Fault } from './fault.ts';

/**
 * The tests to ask about a fault, of all compiled tests (`packages/x/dist-test/…`), whose text `read` tells.
 */
export function judgesOf(
  { file }: Fault,
  tests: readonly string[],
  read: (test: string) => string,
): readonly string[] {
  const folders = foldersOf.get(file.split('/src/')[0] ?? '') ?? [];
  const isAsked = (test: string, folder: string): boolean => test.startsWith(folder) && !onSockets.test(test);
  const asked = folders.flatMap((folder) => tests.filter((test) => isAsked(test, folder)));
  const rule = basename(file, '.ts');
  const areas = new Set(dirname(file).split('/').slice(3)); // behind packages/x/src
  const rankOf = (test: string): number => {
    if (isFuzz(test)) return 4;
    if (isLong(test)) return 3;
    if (basename(test) === `${rule}.test.js` || read(test).includes(`/${rule}.js'`)) return 0;
    return areas.has(basename(dirname(test))) ? 1 : 2;
  };
  const ranks = new Map(asked.map((test) => [test, rankOf(test)]));
  return asked.toSorted((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0));
}

/** Whether a test takes many seconds by nature. */
export function isLong(test: string): boolean {
  return isFuzz(test) || /storms|convergence|hostile|determinism|\/script\.test/.test(test);
}

function isFuzz(test: string): boolean {
  return test.endsWith('.fuzz.test.js');
}

const onSockets =
  /^packages\/(serf\/dist-test\/node|raft\/dist-test\/(real|kill)|consul\/dist-test\/(agent|example|guide))/;
const serfTests = ['packages/serf/', 'packages/sim/'];
const foldersOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['packages/memberlist', ['packages/memberlist/', ...serfTests]],
  ['packages/serf', serfTests],
  ['packages/raft', ['packages/raft/']],
  ['packages/consul', ['packages/consul/']],
  [
    'packages/serf-agent',
    ['rpc', 'event-handlers', 'config'].map((area) => `packages/serf-agent/dist-test/${area}/`),
  ],
]);
