// Rules of `Network.resolve`.

import type { NetworkError } from '../network.ts';
import { type Bench, type BenchCase, check, checkEqual } from './bench.ts';

/** The cases about names. */
export const nameCases: readonly BenchCase[] = [
  {
    name: 'an IP literal resolves to itself',
    async run(bench) {
      for (const literal of ['127.0.0.1', '203.0.113.9', '::1', 'fd00::2']) {
        checkEqual(await addresses(bench, literal), [literal], literal);
      }
    },
  },
  {
    name: 'a known name resolves to its addresses, each once',
    async run(bench) {
      const { name, address } = bench.world.known;
      const found = await addresses(bench, name);
      check(found.includes(address), `${name} is not ${address} but ${found.join()}`);
      checkEqual(new Set(found).size, found.length, 'different addresses');
    },
  },
  {
    name: 'an unknown name fails through the handler, in the words of the original',
    async run(bench) {
      for (const name of ['a..b', '', '1.2.3', 'bad name']) {
        const error = await bench.failure<readonly string[], NetworkError>((done) =>
          bench.runtime.network.resolve(name, done),
        );
        checkEqual([error.code, error.message], ['ENOTFOUND', `lookup ${name}: no such host`], 'error');
      }
    },
  },
];

function addresses(bench: Bench, name: string): Promise<readonly string[]> {
  return bench.value<readonly string[], NetworkError>((done) => bench.runtime.network.resolve(name, done));
}
