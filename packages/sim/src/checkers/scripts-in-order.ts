// The scripts of an agent hear of events in the order in which its application was told, each once; of one
// event they hear in the order in which they were configured.

import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Checker } from './checker.ts';

/** See `property`. */
export function scriptsInOrder(): Checker {
  const lives = new Map<SimNode, Life>();
  const lifeOf = (node: SimNode): Life => {
    const known = lives.get(node);
    if (known?.number === node.life) return known;
    const life = { number: node.life, told: new Map(), lastEvent: -1, lastScript: -1 };
    lives.set(node, life);
    return life;
  };
  return {
    property: 'scripts hear of each event once and in order',
    onTold(node, event) {
      const { told } = lifeOf(node);
      told.set(event, told.size);
      return undefined;
    },
    onScript(node, step) {
      if (step.kind === 'ended') return undefined;
      const life = lifeOf(node);
      const event = life.told.get(step.event);
      if (event === undefined) return `${node.name} ran "${step.command}" for what it was never told`;
      const script = node.settings.scripts.findIndex(({ command }) => command === step.command);
      const isLater = event > life.lastEvent || (event === life.lastEvent && script > life.lastScript);
      Object.assign(life, { lastEvent: event, lastScript: script });
      return isLater ? undefined : `${node.name} ran "${step.command}" for ${step.event.kind} out of order`;
    },
  };
}

interface Life {
  readonly number: number;
  /** Everything that was told, numbered. Bounded by the run. */
  readonly told: Map<SerfEvent, number>;
  readonly lastEvent: number;
  readonly lastScript: number;
}
