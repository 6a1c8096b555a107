// Damaged messages, states and coordinates the whole way through a serf node, which must swallow everything.

import assert from 'node:assert/strict';
import type { FuzzTarget, Subject } from '@reeve/fuzz';
import { createDelegate } from '../../dist/core/gossip-delegate.js';
import { serfMessage } from '../support/captures.js';
import { createRig, finish, nodeCalled } from '../support/rig.js';
import { coordinate, pushPull } from './messages.ts';

const messages = [
  'udp-user-leave-prune',
  'udp-user-join',
  'udp-user-event',
  'udp-user-query',
  'udp-user-query-filter-tag',
  'udp-query-key-request',
  'udp-query-ack',
  'udp-query-relay',
].map((name) => serfMessage(name));

export const machineTargets: readonly FuzzTarget[] = [
  {
    name: 'messages at a node',
    promise: 'a node swallows every damaged message, state and coordinate',
    seeds: [...messages, pushPull, coordinate],
    open: openMachine,
  },
];

function openMachine(): Subject {
  const rig = createRig();
  rig.join(nodeCalled('web1', '10.0.0.2'));
  const delegate = createDelegate(rig.machine);
  return {
    run: (input) => {
      delegate.onUserMessage(input, { host: '10.6.6.6', port: 666 });
      finish(delegate.mergeRemoteState(input, true));
      delegate.onPingComplete(nodeCalled('web1', '10.0.0.2'), 1, input);
      rig.events.length = 0;
      rig.gossip.sent.length = 0;
    },
    close: () => {
      assert.ok(rig.machine.clocks.member.time <= Number.MAX_SAFE_INTEGER);
      assert.ok(rig.machine.members.get('me'));
    },
  };
}
