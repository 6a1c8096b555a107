// Who joins again and again tries once more only after a failure and a pause, stops when it has joined, and
// gives up after its last repetition and not before. After a calm time it has joined if one of its addresses
// answers.

import type { RetryStep } from '../cluster/agent.ts';
import type { SimNode } from '../cluster/node.ts';
import type { Checker, Verdict } from './checker.ts';

/** See `property`. */
export function retriesEnd(): Checker {
  const lives = new Map<SimNode, Life>();
  return {
    property: 'joining again and again ends when it has joined or was tried often enough',
    onRetry(node, step, nowMs) {
      const known = lives.get(node);
      const before = known?.number === node.life ? known : newLife(node);
      const tries = before.tries + (step === 'tries' ? 1 : 0);
      lives.set(node, { ...before, tries, last: step, atMs: nowMs });
      return judge(node, before, step, nowMs);
    },
    onCalm(nodes) {
      for (const node of nodes) {
        const life = lives.get(node);
        if (!life || life.number !== node.life || !node.isMember || life.last === 'joined') continue;
        const answering = nodes.find((other) => other.isMember && isWanted(node, other.host.ip));
        if (answering) return `${node.name} has not joined ${answering.name}, which answers`;
      }
      return undefined;
    },
  };
}

interface Life {
  readonly number: number;
  readonly tries: number;
  readonly last: RetryStep | undefined;
  readonly atMs: number;
}

function newLife({ life }: SimNode): Life {
  return { number: life, tries: 0, last: undefined, atMs: 0 };
}

function isWanted({ settings }: SimNode, ip: string): boolean {
  return settings.retryJoin?.addresses.includes(ip) ?? false;
}

function judge(
  { name, settings }: SimNode,
  { last, tries, atMs }: Life,
  step: RetryStep,
  nowMs: number,
): Verdict {
  const { intervalMs = 0, repetitionsMax = 0 } = settings.retryJoin ?? {};
  const isLast = repetitionsMax > 0 && tries === repetitionsMax + 1;
  const isRight = {
    tries: last === undefined || (last === 'failed' && !isLast && nowMs >= atMs + intervalMs),
    failed: last === 'tries',
    joined: last === 'tries',
    'gave up': last === 'failed' && isLast,
  };
  return isRight[step] ? undefined : `${name} ${step} after it ${last ?? 'began'}, with ${tries} tries`;
}
