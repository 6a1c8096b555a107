// After a calm time all members believe the same: exactly those are alive that run, each with the
// incarnation, the address and the tags it has itself; and about the gone all say the same that say anything.

import type { MemberNode } from '@reeve/memberlist';
import type { Member } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker, Verdict } from './checker.ts';

/** See `property`. */
export function everyoneAgrees(): Checker {
  return {
    property: 'after a calm time everyone agrees',
    onCalm(nodes) {
      for (const node of nodes) {
        if (node.isWanted && !node.isMember) return `${node.name} is not up again`;
        if (node.isRunning && !node.isMember) return `${node.name} has not ended`;
      }
      const viewers = nodes.filter(({ isMember }) => isMember);
      return (
        first(viewers, (viewer) => first(nodes, (node) => judge(viewer, node))) ?? findDispute(viewers, nodes)
      );
    },
  };
}

/** What is wrong with what one node believes of another. */
function judge(viewer: SimNode, node: SimNode): Verdict {
  const member = memberAt(viewer, node.name);
  const believes = `${viewer.name} has ${node.name} as`;
  if (!node.isMember) {
    const isGone = member === undefined || member.status === 'left' || member.status === 'failed';
    return isGone ? undefined : `${believes} ${member.status}, which does not run`;
  }
  if (member?.status !== 'alive') return `${believes} ${member?.status ?? 'unknown'}, which runs`;
  if (member.host !== node.host.ip) return `${believes} at ${member.host}, which is at ${node.host.ip}`;
  const tags = tagsText(node.serf?.tags);
  if (tagsText(member.tags) !== tags) return `${believes} ${tagsText(member.tags)}, which says ${tags}`;
  const [seen, own] = [nodeAt(viewer, node.name), nodeAt(node, node.name)];
  if (seen?.state !== 'alive') return `${believes} ${seen?.state ?? 'unknown'} below, which runs`;
  if (seen.incarnation === own?.incarnation) return undefined;
  return `${believes} incarnation ${seen.incarnation}, which is at ${own?.incarnation}`;
}

/** Two that say different things of one that is gone. */
function findDispute(viewers: readonly SimNode[], nodes: readonly SimNode[]): Verdict {
  const gone = nodes.filter(({ isMember }) => !isMember);
  return first(gone, ({ name }) => {
    const said = new Map(viewers.map((viewer) => [memberAt(viewer, name)?.status, viewer.name]));
    said.delete(undefined);
    if (said.size <= 1) return undefined;
    return `${[...said].map(([status, viewer]) => `${viewer} says that ${name} has ${status}`).join(', ')}`;
  });
}

function memberAt({ serf }: SimNode, name: string): Member | undefined {
  return serf?.members().find((member) => member.name === name);
}

function nodeAt({ serf }: SimNode, name: string): MemberNode | undefined {
  return serf?.gossipNodes.find((node) => node.name === name);
}

function tagsText(tags: Member['tags'] = new Map()): string {
  return (
    [...tags]
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',') || 'no tags'
  );
}

function first<T>(items: readonly T[], judgeItem: (item: T) => Verdict): Verdict {
  for (const item of items) {
    const verdict = judgeItem(item);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}
