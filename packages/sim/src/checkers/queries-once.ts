// Queries: an application is asked each at most once, and who asks hears each answer at most once, from
// somebody who was asked. Not everybody need be asked: a query that gossip does not bring in time is not told
// later.

import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function queriesOnce(): Checker {
  const asked = new Set<string>();
  const answered = new Set<string>();
  return {
    property: 'a query is told and answered once',
    onTold(node, event) {
      if (event.kind !== 'query') return undefined;
      if (asked.has(key(node, event.name))) return `${node.name} was asked "${event.name}" twice`;
      asked.add(key(node, event.name));
      return undefined;
    },
    onAnswer(node, query, from) {
      const answer = `${key(node, query)} ${from}`;
      if (answered.has(answer)) return `${node.name} was answered "${query}" twice by ${from}`;
      answered.add(answer);
      const wasAsked = [...asked].some(
        (entry) => entry.startsWith(`${from} `) && entry.endsWith(` ${query}`),
      );
      return wasAsked ? undefined : `${from} answered "${query}", which it was never asked`;
    },
  };
}

function key({ name, life }: SimNode, query: string): string {
  return `${name} ${life} ${query}`;
}
