// What can happen while one leader follows another. These are the moments of which Raft's rules speak, and
// they are short: chance alone would seldom meet them.

import type { ConsulServer } from '../../dist/server/consul-server.js';
import { httpOf } from '../kit/ask-http.js';
import { cutPower, startMissing } from './machine-events.ts';
import { heal } from './network-events.ts';
import type { Scene } from './scene.ts';

export function transfer(scene: Scene): void {
  beginTransfer(scene);
}

/**
 * Leadership is handed over, and as soon as somebody takes it the old leader hears no more of the others, nor
 * does anybody whom a majority can spare: until his lease ends there are two leaders, of five servers the old
 * one with a follower.
 */
export async function transferBehindTheBack(scene: Scene): Promise<void> {
  const { cluster, diary } = scene;
  const leader = beginTransfer(scene);
  if (leader === undefined) return;
  const old = cluster.nameOf(leader);
  const candidate = await awaitServer(scene, 100, ({ consensus }) => consensus.state.role === 'candidate');
  if (candidate === undefined) return;
  const unaware = minorityWith(scene, old, candidate);
  diary.note(`${candidate} takes over, of which ${unaware.join(' and ')} do not hear`);
  cluster.world.network.partition(unaware.map((name) => cluster.host(name)));
  await awaitServer(scene, 500, (server) => server !== leader && server.consensus.isLeader);
  if (leader.consensus.isLeader) diary.count('twoLeaders');
}

/**
 * The leader dies, and power fails behind each vote for the next one, who is heard of no more once he has
 * won. For each there is one who does not hear him, and who asks the same voters in the same term.
 */
export async function electionInTheDark(scene: Scene): Promise<void> {
  const { cluster, crew, diary } = scene;
  const { network } = cluster.world;
  const { leader } = cluster;
  if (leader === undefined) return;
  heal(scene);
  const { term } = leader.consensus;
  const old = cluster.nameOf(leader);
  diary.note(`${old} is to die, and power to fail behind votes`);
  const others = crew.inAnyOrder().filter((name) => name !== old);
  for (let i = 1; i < others.length; i += 2)
    network.partition(cluster.host(others[i - 1] ?? ''), cluster.host(others[i] ?? ''));
  cutPower(scene, old);
  await startMissing(scene);
  const isDone = new Set<string>();
  const endsAtMs = cluster.world.now + darkMs;
  for (let quietMs = 0; cluster.world.now < endsAtMs; quietMs += answerMs) {
    const news = [...cluster.servers].filter(
      ([name, server]) => server.consensus.term > term && hasDecided(server) && !isDone.has(name),
    );
    for (const [name, server] of news) {
      isDone.add(name);
      if (server.consensus.isLeader) network.partition(cluster.host(name));
    }
    await cluster.run(answerMs);
    for (const [name, server] of news) if (!server.consensus.isLeader) cutPower(scene, name);
    if (news.length > 0) quietMs = 0;
    if (quietMs >= votesMs) await startMissing(scene);
  }
}

/**
 * Figure 8 of Raft's paper. A leader writes what most do not get; so does the next one, who is alone after
 * that. Then the first entries get to most servers after all, and as soon as their leader knows of it, it is
 * his turn to be alone, and that of the other to be elected.
 */
export async function leadersByTurns(scene: Scene): Promise<void> {
  const { cluster, diary } = scene;
  const { network } = cluster.world;
  const { leader } = cluster;
  if (leader === undefined) return;
  heal(scene);
  const firstSide = minorityWith(scene, cluster.nameOf(leader));
  diary.note(`${firstSide.join(' and ')} are cut off, and leaders are to follow each other`);
  const reuniteFirst = network.partition(firstSide.map((name) => cluster.host(name)));
  const write = httpOf(leader.caller);
  for (let i = 0; i < 6; i++) write('PUT /v1/kv/turns', `${i}`).catch(() => {});
  const { term } = leader.consensus;
  const second = await awaitServer(
    scene,
    3_000,
    ({ consensus }) => consensus.isLeader && consensus.term > term,
  );
  reuniteFirst();
  if (second === undefined) return;
  const reuniteSecond = network.partition(cluster.host(second));
  const third = await awaitServer(scene, 6_000, (server) => {
    return server.consensus.isLeader && cluster.nameOf(server) !== second;
  });
  const { consensus } = cluster.servers.get(third ?? '') ?? {};
  const { commitIndex = 0 } = consensus?.state ?? {};
  if (third === undefined || consensus === undefined) return reuniteSecond();
  await awaitServer(scene, 300, () => consensus.state.commitIndex > commitIndex);
  diary.note(`${second} is back, ${third} is cut off`);
  network.partition(cluster.host(third));
  reuniteSecond();
}

/** A server, and as many others, but for one perhaps, as the rest can spare and still be a majority. */
function minorityWith({ crew }: Scene, name: string, except = ''): readonly string[] {
  const spare = Math.floor((crew.names.length - 1) / 2) - 1;
  const others = crew.inAnyOrder().filter((each) => each !== name && each !== except);
  return [name, ...others.slice(0, spare)];
}

/** Whether it has voted for somebody else, or won. */
function hasDecided({ consensus: { state } }: ConsulServer): boolean {
  const hasVoted = state.role === 'follower' && state.votedFor !== '' && state.isHardStateDurable;
  return hasVoted || state.role === 'leader';
}

function beginTransfer({ cluster, diary }: Scene): ConsulServer | undefined {
  const { leader } = cluster;
  if (leader === undefined) return undefined;
  diary.note(`${cluster.nameOf(leader)} is to hand over`);
  diary.count('transfers');
  leader.consensus.transferLeadership().catch(() => {});
  return leader;
}

/** The name of the first server of which something holds, within some milliseconds. */
async function awaitServer(
  { cluster }: Scene,
  withinMs: number,
  holds: (server: ConsulServer) => boolean,
): Promise<string | undefined> {
  for (let i = 0; i < withinMs; i++) {
    const [name] = [...cluster.servers].find(([, server]) => holds(server)) ?? [];
    if (name !== undefined) return name;
    await cluster.run(1);
  }
  return undefined;
}

const darkMs = 3_000;
/** So long a vote may take to its candidate. */
const answerMs = 1.5;
/** Votes that belong together come within such a time of each other. */
const votesMs = 10;
