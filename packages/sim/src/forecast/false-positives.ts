// Members that were taken for failed although they ran and could be reached.

import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Stage } from './stage.ts';

/** How often the living were taken for dead. */
export interface FalsePositives {
  /** How many members. */
  readonly members: number;
  /** How often a member took another for failed. */
  readonly reports: number;
}

/** Counts them from now on. */
export class FalsePositiveCounter {
  readonly #stage: Stage;
  readonly #members = new Set<string>();
  #reports = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.listen((viewer, event) => this.#onTold(viewer, event));
  }

  get count(): FalsePositives {
    return { members: this.#members.size, reports: this.#reports };
  }

  #onTold(viewer: SimNode, event: SerfEvent): void {
    if (event.kind !== 'member-failed') return;
    const { simulation } = this.#stage;
    for (const { name } of event.members) {
      const member = simulation.node(name);
      const isSeparated = simulation.world.network.separated(member.host.ip, viewer.host.ip);
      if (!member.isMember || isSeparated) continue;
      this.#members.add(name);
      this.#reports += 1;
    }
  }
}
