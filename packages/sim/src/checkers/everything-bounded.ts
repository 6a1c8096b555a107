// Tables hold no more than there are names, and queues no more than an operator is warned of. In a calm
// cluster the queues are empty: what was to be told has been told, unless there was nobody to tell it to.

import { lanProfile } from '@reeve/memberlist';
import type { SimNode } from '../cluster/node.ts';
import type { Checker, Verdict } from './checker.ts';

/** See `property`. `names` is how many nodes there are. */
export function everythingBounded(names: number): Checker {
  let isAttacked = false;
  return {
    property: 'tables and queues are bounded',
    onAttack() {
      isAttacked = true;
    },
    onSecond(node) {
      if (!isAttacked) return findLargeTable(node, names) ?? findLongQueue(node, queueMax);
      return findLargeTable(node, nodesMax) ?? findLongQueue(node, broadcastsMax);
    },
    onCalm(nodes) {
      if (isAttacked) return undefined; // to tell of thousands of strangers takes longer than to agree
      const members = nodes.filter(({ isMember }) => isMember);
      return members.length > 1 ? firstVerdict(members, (node) => findLongQueue(node, 0)) : undefined;
    },
  };
}

function findLargeTable({ name, serf }: SimNode, names: number): Verdict {
  const nodes = serf?.gossipNodes.length ?? 0;
  const members = Number(serf?.stats().get('members') ?? 0);
  if (Math.max(nodes, members) <= names) return undefined;
  return `${name} knows ${nodes} nodes and ${members} members, of ${names}`;
}

function findLongQueue({ name, serf }: SimNode, max: number): Verdict {
  if (!serf) return undefined;
  const stats = serf.stats();
  const depths = serfQueues.map((queue) => [queue, Number(stats.get(queue))] as const);
  const long = [...depths, ['broadcasts', serf.queuedBroadcasts] as const].find(([, depth]) => depth > max);
  return long && `${long[1]} messages wait in ${long[0]} on ${name}`;
}

function firstVerdict(nodes: readonly SimNode[], check: (node: SimNode) => Verdict): Verdict {
  for (const node of nodes) {
    const verdict = check(node);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

const serfQueues = ['intent_queue', 'event_queue', 'query_queue'] as const;
/** `queueDepthWarning` of serf's configuration. */
const queueMax = 128;
const { nodesMax, broadcastsMax } = lanProfile('').limits;
