// What a scenario works with: a simulated cluster whose members have known each other for a while, and all
// that their applications are told. Next: the scenarios, one a file.

import type { SerfEvent } from '@reeve/serf/core';
import type { SimNode } from '../cluster/node.ts';
import type { Profile } from '../cluster/profiles.ts';
import { combined } from '../faults/fault.ts';
import { latency, uniform } from '../faults/latency.ts';
import { loss } from '../faults/loss.ts';
import { Simulation } from '../simulation.ts';
import type { ClassicGossip } from './formula.ts';

/** What is forecast. Ranges are the caller's to check. */
export interface ClusterSettings {
  /** How many members there are at the beginning; 2 or more. */
  readonly nodes: number;
  /** The settings of each. */
  readonly profile: Profile;
  /** The share of packets that get lost, 0 to less than 1. */
  readonly loss: number;
  /** How long packets travel at least; up to half of it is added by chance. */
  readonly latencyMs: number;
  readonly seed: number;
}

/** Hears what the application on a node is told. */
export type Listener = (viewer: SimNode, event: SerfEvent) => void;

/** A cluster on which something can happen. */
export class Stage {
  readonly simulation: Simulation;
  readonly settings: ClusterSettings;
  /** Who is there from the beginning. */
  readonly members: readonly SimNode[];
  /** Who has not been started yet. */
  readonly newcomers: readonly SimNode[];
  readonly #listeners: Listener[] = [];

  constructor(settings: ClusterSettings, newcomers: number) {
    const { nodes, seed, profile, latencyMs } = settings;
    this.settings = settings;
    // Not a property, but checkers are who is told.
    const listening = {
      property: 'a forecast only listens',
      onTold: (viewer: SimNode, event: SerfEvent) => {
        for (const hear of this.#listeners) hear(viewer, event);
        return undefined;
      },
    };
    const checkers = [listening];
    this.simulation = new Simulation({ seed, nodes: nodes + newcomers, profile, fromAfar: true, checkers });
    this.members = this.simulation.nodes.slice(0, nodes);
    this.newcomers = this.simulation.nodes.slice(nodes);
    this.simulation.set(combined(latency(uniform(latencyMs, 1.5 * latencyMs)), loss(settings.loss)));
    this.simulation.acquaint(this.members);
  }

  /** Hears everything that any application is told from now on. */
  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Any member, the last ones perhaps left out. */
  anyMember(butLast = 0): SimNode {
    const member = this.members[this.simulation.random.below(this.members.length - butLast)];
    if (!member) throw new RangeError('a cluster has members');
    return member;
  }

  /** What the classic formula goes by; `failed` of the members do not listen. */
  gossip(failed = 0): ClassicGossip {
    const { nodes, profile, loss } = this.settings;
    const { gossipNodes, gossipIntervalMs } = profile('n1').memberlist;
    return {
      members: nodes,
      fanout: gossipNodes,
      intervalMs: gossipIntervalMs,
      loss,
      failed: failed / nodes,
    };
  }
}
