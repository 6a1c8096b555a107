// What is fuzzed of this package: the words of scripts.

import assert from 'node:assert/strict';
import type { FuzzTarget } from '@reeve/fuzz';
import { parseSettings } from '../../dist/script/settings.js';
import { parseMs, parseShare, ScriptError, Words } from '../../dist/script/words.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const refuses = (error: unknown) => error instanceof ScriptError;

const settings: FuzzTarget = {
  name: 'first lines of scripts',
  promise: 'the first line of a script says what is simulated, or is refused',
  seeds: ['5 seed 42 profile lan reclaim 3s snapshots encrypted operator apart', '3'].map(bytesOf),
  open: () => ({
    run: (input) => {
      const { nodes, seed, reclaimMs } = parseSettings(new Words(textOf(input)));
      assert.ok(nodes >= 1 && nodes <= 10_000);
      assert.ok(Number.isSafeInteger(seed) && Number.isFinite(reclaimMs));
    },
  }),
  refuses,
};

const quantities: FuzzTarget = {
  name: 'times and shares of scripts',
  promise: 'a time and a share of a script are numbers, or are refused',
  seeds: ['300ms', '1.5s', '2m', '20%', '0.5%', '100%'].map(bytesOf),
  open: () => ({
    run: (input) => {
      const text = textOf(input);
      const value = text.endsWith('%') ? parseShare(text) : parseMs(text);
      assert.ok(Number.isFinite(value) && value >= 0);
    },
  }),
  refuses,
};

export const targets: readonly FuzzTarget[] = [settings, quantities];
