// Damaged snapshots, and what they say of addresses.

import assert from 'node:assert/strict';
import { decodeText } from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { readPlain } from '@reeve/golden';
import { parseSeed } from '../../dist/core/seeds.js';
import { replaySnapshot } from '../../dist/core/snapshot-replay.js';
import { bytesOf } from '../support/bytes.js';

const file: FuzzTarget = {
  name: 'snapshots',
  promise: 'a damaged snapshot replays to something',
  seeds: [
    bytesOf(readPlain('snapshot/file-line-sequence').text),
    bytesOf(
      'alive: a b 10.0.0.1:7946\nclock: 7\nevent-clock: 8\nquery-clock: 9\nleave\n# x\ncoordinate: {}\n',
    ),
  ],
  open: () => ({
    run: (input) => {
      const content = replaySnapshot(input, false, () => {});
      for (const time of [content.clock, content.eventClock, content.queryClock])
        assert.ok(Number.isSafeInteger(time + 1));
      assert.equal(content.isTorn, input.length > 0 && input.at(-1) !== 0x0a);
    },
  }),
};

const addresses: FuzzTarget = {
  name: 'addresses of seeds',
  promise: 'a text is the address of a seed, or none',
  seeds: ['10.0.0.1:7946', 'n/[::1]:7946', 'web1'].map((text) => bytesOf(text)),
  open: () => ({
    run: (input) => {
      if (parseSeed(decodeText(input), 7_946) === undefined) throw new Refused();
    },
  }),
};

export const snapshotTargets: readonly FuzzTarget[] = [file, addresses];
