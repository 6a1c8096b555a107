// What is told to whom, how often, and in which order. SWIM section 4.1.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of gossip and its queue. */
export const gossipFaults: readonly Fault[] = [
  ...faultsIn('packages/memberlist/src/core/gossip.ts', [
    {
      name: 'those that have left are gossiped to',
      original: " || node.state === 'left') return false;",
      replacement: ') return false;',
    },
    {
      name: 'those that have just died are not gossiped to, and cannot refute',
      original: 'return deadForMs <= machine.config.gossipToTheDeadMs;',
      replacement: 'return false;',
    },
    {
      name: 'each round of gossip tells one node only',
      original: 'table.pick(config.gossipNodes,',
      replacement: 'table.pick(1,',
    },
    {
      name: 'gossip goes on where there is nothing to say',
      original: "return outcome !== 'nothing left' && machine.table.size > 1;",
      replacement: 'return true;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/ticker.ts', [
    {
      name: 'gossip that sleeps is woken by nothing',
      original: '    this.#isAsleep = false;\n    this.#schedule(0);',
      replacement: '',
    },
    {
      name: 'gossip that was woken makes up for a round that it slept through',
      original: 'this.#schedule(0);',
      replacement: 'this.#schedule(1);',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/machine.ts', [
    {
      name: 'news about members do not wake gossip',
      original: '      onQueued: () => this.gossipTicker?.wake(),\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/machine.ts', [
    {
      name: 'events, queries and intents do not wake gossip',
      original: '      onQueued: () => this.gossip.gossipSoon(),\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/broadcast-queue.ts', [
    {
      name: 'a message is not gossiped again',
      original: 'if (queued.transmits < limit) this.#insert(queued);\n      else this.#finish(queued);',
      replacement: 'this.#finish(queued);',
    },
    {
      name: 'a message is gossiped for ever',
      original: 'if (queued.transmits < limit)',
      replacement: 'if (queued.transmits < Number.POSITIVE_INFINITY)',
    },
    {
      name: 'a newer message about a node does not replace the older one',
      original: '    if (replaced) this.#drop(replaced);\n',
      replacement: '',
    },
    {
      name: 'a confirmation is worth a packet of its own',
      original: '!isBrief || transmits < half',
      replacement: 'true',
    },
    {
      name: 'a confirmation is passed on as often as the suspicion itself',
      original: 'Math.min(half, replaced?.transmits ?? half) : 0',
      replacement: '0 : 0',
    },
    {
      name: 'what was sent most goes first',
      original: 'for (const tier of this.#tiers) {',
      replacement: 'for (const tier of this.#tiers.toReversed()) {',
    },
    {
      name: 'a queue that is full drops what was sent least',
      original: 'for (const tier of this.#tiers.toReversed()) {',
      replacement: 'for (const tier of [...this.#tiers]) {',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/scaling.ts', [
    {
      name: 'messages are not repeated more often in a larger cluster',
      original: 'mult * Math.ceil(Math.log10(nodes + 1))',
      replacement: 'mult',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/send.ts', [
    {
      name: 'pings and their answers carry no gossip',
      original: '[message, ...belonging, ...takeBroadcasts(machine, freeBytes)]',
      replacement: '[message, ...belonging]',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/packet-input.ts', [
    {
      name: 'a goodbye is applied before the leave intent that stands behind it in the packet',
      original: 'this.#accusations.push(() => onDead(machine, dead));',
      replacement: 'onDead(machine, dead);',
    },
  ]),
  ...faultsIn('packages/serf/src/core/gossip-delegate.ts', [
    {
      name: 'leave intents are not passed on',
      original: 'if (applyLeaveIntent(machine, intent)) passOnIntent(machine, message);',
      replacement: 'applyLeaveIntent(machine, intent);',
    },
    {
      name: 'join intents are not passed on',
      original: 'if (applyJoinIntent(machine, intent)) passOnIntent(machine, message);',
      replacement: 'applyJoinIntent(machine, intent);',
    },
    {
      name: 'user events are not passed on',
      original: 'if (applyUserEvent(machine, event)) passOn(machine, queues.events, message);',
      replacement: 'applyUserEvent(machine, event);',
    },
    {
      name: 'user events are passed on every time they are heard',
      original: 'if (applyUserEvent(machine, event)) passOn(',
      replacement: 'applyUserEvent(machine, event);\n      passOn(',
    },
    {
      name: 'queries are not passed on',
      original: 'if (applyQuery(machine, query)) passOn(machine, queues.queries, message);',
      replacement: 'applyQuery(machine, query);',
    },
    {
      name: 'answers to be relayed are kept',
      original: 'return machine.gossip.sendTo(relay.to, relay.message);',
      replacement: 'return;',
    },
  ]),
  ...faultsIn('packages/serf/src/core/large-messages.ts', [
    {
      name: 'a member that a large message did not reach is not tried again',
      original: '      spreading.waiting.push(node.name);',
      replacement: '     ',
    },
  ]),
];
