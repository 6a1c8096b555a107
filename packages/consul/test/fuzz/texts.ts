// What is fuzzed of texts that clients send: filters, and what an archive says of itself.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { FilterError } from '../../dist/core/filter/filter-error.js';
import { nodeShape } from '../../dist/core/index.js';
import { picker } from '../../dist/filter/picker.js';
import { ArchiveError } from '../../dist/snapshot-archive/archive-error.js';
import { formatMetadata, parseMetadata } from '../../dist/snapshot-archive/archive-metadata.js';
import { formatChecksums, verifyChecksums } from '../../dist/snapshot-archive/checksums.js';

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

const filters: FuzzTarget = {
  name: 'filters',
  promise: 'a damaged filter is refused with a sentence, or takes nodes or leaves them',
  seeds: [
    'Node == "a" and (Meta.b != c or not `d` in TaggedAddresses)',
    'Meta["a b"] matches "^(x|y)+$" or ID is empty',
    'Address is not empty and "a" not in Meta and Node not matches b',
  ].map(encodeText),
  open: () => ({
    run: (input) => {
      const pick = picker({ filter: textOf(input) }, nodeShape);
      assert.deepEqual(pick([]), []);
    },
  }),
  refuses: (error) => error instanceof FilterError,
};

const metadata = {
  id: '2-217-1795289504093',
  index: 217,
  term: 2,
  peers: Uint8Array.of(0x90),
  configuration: { servers: [{ suffrage: 'voter', id: 's1', address: '10.0.0.1:8300' }] },
  configurationIndex: 1,
  stateBytes: 10,
} as const;

const descriptions: FuzzTarget = {
  name: 'what archives say of themselves',
  promise: 'damaged metadata of an archive is refused, or can be written and read again',
  seeds: [encodeText(formatMetadata(metadata))],
  open: () => ({
    run: (input) => {
      const read = parseMetadata(textOf(input));
      assert.deepEqual(parseMetadata(formatMetadata(read)), read);
    },
  }),
  refuses: (error) => error instanceof ArchiveError,
};

const sums = new Map([
  ['meta.json', 'a'.repeat(64)],
  ['state.bin', '0'.repeat(64)],
]);

const checksums: FuzzTarget = {
  name: 'sums of archives',
  promise: 'damaged sums are refused, unless they say the same',
  seeds: [encodeText(formatChecksums(sums))],
  open: () => ({
    run: (input) => {
      verifyChecksums(textOf(input), sums);
      for (const [file, sum] of sums) assert.ok(textOf(input).toLowerCase().includes(`${sum}`), file);
    },
  }),
  refuses: (error) => error instanceof ArchiveError,
};

/** All of them. */
export const textTargets: readonly FuzzTarget[] = [filters, descriptions, checksums];
