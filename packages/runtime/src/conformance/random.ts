// Rules of `Random`. Not a test of its quality: that would take statistics and sometimes fail.

import { type BenchCase, check, checkEqual } from './bench.ts';

/** The cases about chance. */
export const randomCases: readonly BenchCase[] = [
  {
    name: 'random floats lie in [0, 1) and fill it',
    async run({ runtime: { random } }) {
      const tenths = new Set<number>();
      for (let draw = 0; draw < 2_000; draw++) {
        const float = random.float();
        check(float >= 0 && float < 1, `${float} is not in [0, 1)`);
        tenths.add(Math.floor(float * 10));
      }
      checkEqual(tenths.size, 10, 'tenths reached');
    },
  },
  {
    name: 'random integers lie below their bound, up to 2^32, and reach all of it',
    async run({ runtime: { random } }) {
      checkEqual(random.below(1), 0, 'below 1');
      const sides = new Set<number>();
      let highest = 0;
      for (let draw = 0; draw < 2_000; draw++) {
        sides.add(random.below(6));
        const large = random.below(2 ** 32);
        check(Number.isInteger(large) && large >= 0 && large < 2 ** 32, `${large} is not below 2^32`);
        highest = Math.max(highest, large);
      }
      checkEqual([...sides].sort(), [0, 1, 2, 3, 4, 5], 'sides of a die');
      check(highest > 2 ** 31, 'the upper half is never reached');
    },
  },
  {
    name: 'random bytes are as many as asked for, all different runs, and belong to the caller',
    async run({ runtime: { random } }) {
      for (const length of [0, 1, 12, 16, 4_095, 4_096, 4_097, 100_000]) {
        checkEqual(random.bytes(length).length, length, 'length');
      }
      const seen = new Set<string>();
      const kept = random.bytes(12);
      const before = kept.join();
      for (let draw = 0; draw < 1_000; draw++) {
        const bytes = random.bytes(12);
        seen.add(bytes.join());
        bytes.fill(0);
      }
      checkEqual(seen.size, 1_000, 'different nonces');
      checkEqual(kept.join(), before, 'a nonce that was kept');
    },
  },
];
