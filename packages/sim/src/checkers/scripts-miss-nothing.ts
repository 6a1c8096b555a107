// After a calm time the scripts of an agent have heard of everything that its application was told and they
// are for. What waits is bounded; no run has so many events that some would have to be given up.

import { eventText, matchesEvent } from '@reeve/serf/agent';
import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function scriptsMissNothing(): Checker {
  const lives = new Map<SimNode, Life>();
  return {
    property: 'after a calm time scripts have heard of every event they are for',
    onTold(node, event) {
      const known = lives.get(node);
      const missing: Life['missing'] = known?.number === node.life ? known.missing : new Map();
      lives.set(node, { number: node.life, missing });
      const wanted = node.settings.scripts.filter(({ filter }) => matchesEvent(filter, event));
      if (wanted.length > 0) missing.set(event, new Set(wanted.map(({ command }) => command)));
      return undefined;
    },
    onScript(node, step) {
      if (step.kind === 'ended') return undefined;
      const { event, command } = step;
      const missing = lives.get(node)?.missing.get(event);
      if (!missing?.delete(command))
        return `${node.name} ran "${command}", which is not for ${eventText(event)}`;
      if (missing.size === 0) lives.get(node)?.missing.delete(event);
      return undefined;
    },
    onCalm(nodes) {
      for (const node of nodes) {
        const [missed] = node.isMember ? (lives.get(node)?.missing ?? []) : [];
        if (missed) return `${eventText(missed[0])} has not reached "${[...missed[1]][0]}" of ${node.name}`;
      }
      return undefined;
    },
  };
}

interface Life {
  readonly number: number;
  /** The scripts that have not heard, by event. Bounded by the run. */
  readonly missing: Map<SerfEvent, Set<string>>;
}
