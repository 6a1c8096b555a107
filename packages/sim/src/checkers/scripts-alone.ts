// The scripts of an agent share a queue: one runs at a time.

import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function scriptsAlone(): Checker {
  const running = new Map<SimNode, { readonly life: number; readonly command: string }>();
  return {
    property: 'the scripts of an agent run one at a time',
    onScript(node, step) {
      const other = running.get(node);
      running.delete(node);
      if (step.kind === 'ended') return undefined;
      running.set(node, { life: node.life, command: step.command });
      if (other?.life !== node.life) return undefined; // it ended with the machine, or nobody waits for it
      return `${node.name} runs "${step.command}" while "${other.command}" runs`;
    },
  };
}
