// How a server leaves a cluster that goes on without it, so that nobody waits for its vote.
// Upstream: agent/consul/server.go (Leave). consul.md 8.6.
//
// Order: a leader takes itself out of raft first, since nobody else may; then gossip says goodbye, upon which
// the leader removes the others; then those that have asked get their answers, and nobody else; then who did
// not lead waits until it is out, since stopping before could cost the others their majority.

import { formatDuration } from '@reeve/cli';
import type { Runtime } from '@reeve/runtime';
import { pause } from '../waiting/pause.ts';
import type { Consensus } from './consensus.ts';

/** What leaves. */
export interface LeavingServer {
  readonly runtime: Runtime;
  readonly nodeId: string;
  readonly consensus: Consensus;
  /** `leave_drain_time` */
  readonly drainTimeMs: number;
  /** Says goodbye in gossip; rejects if that cannot be done now. */
  leaveGossip(): Promise<void>;
  /** From now on requests are refused. */
  refuseRequests(): void;
  /** The server is stopped, and need not wait any more. */
  readonly stopped: AbortSignal;
}

/** Resolves when the server can be stopped. */
export async function leaveCluster(server: LeavingServer): Promise<void> {
  const { runtime, nodeId, consensus, drainTimeMs, stopped } = server;
  runtime.log('info', 'consul: server starting leave');
  const wasLeader = consensus.isLeader;
  const voters = consensus.servers.filter(({ isVoter }) => isVoter);
  if (wasLeader && voters.length > 1) await removeOurselves(server);
  await server.leaveGossip();
  if (stopped.aborted) return;
  runtime.log('info', `consul: Waiting to drain RPC traffic: drain_time=${formatDuration(drainTimeMs)}`);
  server.refuseRequests();
  await pause(runtime, drainTimeMs, stopped);
  if (wasLeader || stopped.aborted) return;
  const isOut = () => consensus.servers.every(({ id }) => id !== nodeId);
  const until = runtime.clock.now() + removalMs;
  while (!isOut() && runtime.clock.now() < until && !stopped.aborted) {
    await pause(runtime, lookAgainMs, stopped);
  }
  if (!isOut()) runtime.log('warn', 'consul: failed to leave raft configuration gracefully, timeout');
}

async function removeOurselves({ consensus, nodeId, runtime }: LeavingServer): Promise<void> {
  try {
    await consensus.removeServer(nodeId);
  } catch (error) {
    const { message } = error as Error;
    runtime.log('err', `consul: failed to remove ourself as raft peer: error="${message}"`);
  }
}

/** Upstream's numbers (raftRemoveGracePeriod). */
const removalMs = 5_000;
const lookAgainMs = 50;
