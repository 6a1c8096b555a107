// The cluster most tests look at: three real agents of both releases and three of ours. Each joins all that
// are there already, so that joins cross from each program to each other and no member depends on the luck of
// gossip.

import type { Agent } from './agent.ts';
import { allAlive, type Cluster, expectStatuses } from './cluster.ts';
import { type Program, reeve, serf094, serf0101 } from './programs.ts';

/** The six agents. */
export interface MixedCluster {
  readonly all: readonly Agent[];
  /** Two of 0.9.4 and one of 0.10.1. */
  readonly real: readonly [Agent, Agent, Agent];
  readonly ours: readonly [Agent, Agent, Agent];
}

/** Flags for one agent of the six, by its name and place in the order of starting. */
export type FlagsFor = (name: string, index: number) => readonly string[];

/** Starts six agents and waits until each sees all of them alive. */
export async function startMixedCluster(
  cluster: Cluster,
  flagsFor: FlagsFor = () => [],
): Promise<MixedCluster> {
  const all: Agent[] = [];
  const start = async (program: Program, name: string): Promise<Agent> => {
    const joins = all.map(({ gossip }) => `-join=${gossip}`);
    const agent = await cluster.start(program, name, ...joins, ...flagsFor(name, all.length));
    all.push(agent);
    return agent;
  };
  const ours1 = await start(reeve, 'ours1');
  const real1 = await start(serf094, 'real1');
  const ours2 = await start(reeve, 'ours2');
  const real2 = await start(serf0101, 'real2');
  const ours3 = await start(reeve, 'ours3');
  const real3 = await start(serf094, 'real3');
  await expectStatuses(all, allAlive(all));
  return { all, real: [real1, real2, real3], ours: [ours1, ours2, ours3] };
}
