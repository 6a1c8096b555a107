// Damaged streams at a whole node: whatever arrives, it ends the stream in time, stays alive, and takes the
// next one.

import assert from 'node:assert/strict';
import type { FuzzTarget, Subject } from '@reeve/fuzz';
import type { MemberlistConfig } from '@reeve/memberlist';
import { Scene } from '../kit/scene.ts';
import { quiet } from './packets.ts';
import { messages } from './stream-reader.ts';

export const streamTargets: readonly FuzzTarget[] = [
  {
    name: 'streams at a node',
    promise: 'streams at a node all come to an end, and it is alive afterwards',
    seeds: messages,
    open: () => openNode(quiet),
  },
];

function openNode(config: Partial<MemberlistConfig>): Subject {
  const { node, stranger, world } = new Scene({ config });
  return {
    run: (input) => {
      const stream = stranger.dial(node.address);
      stream.write(input);
      stream.end();
      assert.ok(
        world.runUntil(() => stream.ended, streamMsMax),
        'the stream comes to an end',
      );
      stream.destroy();
    },
    close: () => assert.equal(node.list.localNode.state, 'alive'),
  };
}

/** Twice what a node gives a stream. */
const streamMsMax = 20_000;
