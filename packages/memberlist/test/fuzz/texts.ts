// Damaged addresses to join.

import assert from 'node:assert/strict';
import { decodeText, encodeText } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { AddressError } from '@reeve/runtime';
import { parseJoinAddress } from '../../dist/core/address.js';

export const textTargets: readonly FuzzTarget[] = [
  {
    name: 'join addresses',
    promise: 'a text is an address with a port that there is, or is refused',
    seeds: ['web1', 'web1:80', 'n1/10.0.0.1:7946', '[::1]:7946', 'fe80::1', 'n/[fe80::1]'].map((text) =>
      encodeText(text),
    ),
    open: () => ({
      run: (input) => {
        const { port } = parseJoinAddress(decodeText(input), 7_946);
        assert.ok(port >= 0 && port <= 65_535);
      },
    }),
    refuses: (error) => error instanceof AddressError,
  },
];
