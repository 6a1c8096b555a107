// Clusters to measure. Agents log warnings only, as in production, and are gone when the turn is over. Many
// are started a few at a time, so that none is slow because all the others start.

import { decodeAny, MsgpackReader } from '@reeve/bytes';
import { type Agent, Cluster, eventually, type Program, RpcConnection } from '@reeve/interop';

/** Runs `work` with a place for agents; they are gone afterwards. */
export async function withCluster<T>(work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await Cluster.open();
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}

/** Starts an agent; without a level of its own in `flags` it logs warnings only. */
export function startAgent(
  cluster: Cluster,
  program: Program,
  name: string,
  ...flags: string[]
): Promise<Agent> {
  return cluster.start(program, name, '-log-level=warn', ...flags);
}

/** `count` agents that joined the first of them and all see each other. */
export async function startMembers(
  cluster: Cluster,
  program: Program,
  count: number,
  ...flags: string[]
): Promise<readonly Agent[]> {
  const first = await startAgent(cluster, program, 'n1', ...flags);
  const join = `-join=${first.gossip}`;
  const others = await startMany(count - 1, (index) =>
    startAgent(cluster, program, `n${index + 2}`, join, ...flags),
  );
  const agents = [first, ...others];
  for (const agent of agents) await seesAlive(agent, count);
  return agents;
}

/** Starts `count` agents, a few at a time. */
export async function startMany(
  count: number,
  start: (index: number) => Promise<Agent>,
): Promise<readonly Agent[]> {
  const agents: Agent[] = [];
  while (agents.length < count) {
    const batch = Array.from({ length: Math.min(startedAtOnce, count - agents.length) }, (_, index) =>
      start(agents.length + index),
    );
    agents.push(...(await Promise.all(batch)));
  }
  return agents;
}

/** Waits until an agent sees this many members alive. */
async function seesAlive(agent: Agent, count: number): Promise<void> {
  const connection = await RpcConnection.open(agent);
  try {
    const check = async (): Promise<void> => {
      const alive = countAlive(await connection.request('members', 'body'));
      if (alive !== count) throw new Error(`it sees ${alive}`);
    };
    await eventually(`${agent.name} sees ${count} members alive`, check, acquaintedMs);
  } finally {
    connection.close();
  }
}

/** In the reply to `members`. */
function countAlive(reply: Uint8Array): number {
  const members = (decodeAny(new MsgpackReader(reply), nestingMax) as ReadonlyMap<string, unknown>).get(
    'Members',
  );
  const statuses = (members as readonly ReadonlyMap<string, unknown>[]).map((member) => member.get('Status'));
  return statuses.filter((status) => status === 'alive').length;
}

const startedAtOnce = 4;
/** Of more than 32 members, a real one whom gossip has passed over may wait for its third push/pull. */
const acquaintedMs = 240_000;
/** The reply, the list, a member, its tags. */
const nestingMax = 4;
