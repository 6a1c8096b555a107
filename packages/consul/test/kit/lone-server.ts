// A server without raft and sockets: what is written is applied at once. Time is virtual.

import { setImmediate } from 'node:timers/promises';
import { VirtualWorld } from '@reeve/runtime/virtual';
import type { KeyManager, KeyOutcome } from '@reeve/serf/core';
import { applyCommand, type CommandOutcome, StateStore } from '../../dist/core/index.js';
import { MethodTable } from '../../dist/rpc/method-table.js';
import type { Caller } from '../../dist/rpc/methods/index.js';
import { apply } from '../../dist/server/apply.js';
import type { Consensus } from '../../dist/server/consensus.js';
import { createEndpoints } from '../../dist/server/endpoints/all.js';
import { FollowerReads } from '../../dist/server/follower-reads.js';
import { unknownHealth } from '../../dist/server/leader/server-health.js';
import { expireSession } from '../../dist/server/leader/session-expiry.js';
import { TombstoneReaper } from '../../dist/server/leader/tombstone-reaper.js';
import type { ServerContext } from '../../dist/server/server-context.js';
import { SessionTimers } from '../../dist/server/session-timers.js';
import { usualServerSettings } from './usual-settings.js';

/** Raft as a test wants it. */
export interface FakeConsensus extends Consensus {
  isLeader: boolean;
  term: number;
  leaderAddress: string;
  lastContactMs: number | undefined;
  isMajorityWithLeader: boolean;
  /** What the leadership check ends with, if it fails. */
  verifyError: Error | undefined;
  /** The index of the last entry. */
  index: number;
  /** How many entries at the end of the log are not applied. */
  unapplied: number;
}

/** A server in a world of its own. */
export interface LoneServer {
  readonly world: VirtualWorld;
  readonly store: StateStore;
  readonly consensus: FakeConsensus;
  readonly context: ServerContext;
  readonly tombstones: TombstoneReaper;
  readonly caller: MethodTable;
  readonly log: string[];
  /** What was sent to all agents. */
  readonly events: readonly { readonly name: string; readonly payload: Uint8Array }[];
  /** Other servers, by address. */
  readonly others: Map<string, Caller>;
  /** Lets so much time pass, and promises settle in between. */
  run(forMs: number): Promise<void>;
}

/** Starts one that leads. */
export function startLoneServer(seed = 1): LoneServer {
  const world = new VirtualWorld({ seed });
  const log: string[] = [];
  const runtime = {
    ...world.host('10.0.0.1').runtime,
    log: (_level: string, text: string) => void log.push(text),
  };
  const store: StateStore = new StateStore({
    clock: runtime.clock,
    onTombstone: (index) => tombstones.note(index),
  });
  const tombstones = new TombstoneReaper(runtime, (reapIndex) => {
    const request = { datacenter: 'dc1', token: '', operation: 'reap', reapIndex };
    void apply(context, { type: 'tombstone', request });
  });
  const consensus = createConsensus(store);
  const others = new Map<string, Caller>();
  const events: { readonly name: string; readonly payload: Uint8Array }[] = [];
  const callerAt = (address: string) => others.get(address) ?? new MethodTable();
  const following = { runtime, datacenter: 'dc1', store, consensus, callerAt };
  const reads = new FollowerReads(following);
  const context: ServerContext = {
    ...following,
    mayAnswer: (question) => reads.mayAnswer(question),
    leadership: { isEstablished: true, clusterHealth: unknownHealth },
    sessionTimers: new SessionTimers(runtime, (id) => void expireSession(context, id)),
    settings: usualServerSettings,
    leaving: new AbortController().signal,
    callerOf: () => undefined,
    keyManager: noKeys,
    sendEvent: (name, payload) => {
      if (name.length + payload.length > 512) throw new Error(eventTooLarge);
      events.push({ name, payload });
    },
    nodeAt: () => undefined,
  };
  const { table } = createEndpoints(context);
  const run = async (forMs: number) => {
    const steps = 20;
    for (let i = 0; i < steps; i++) {
      await setImmediate();
      world.run(forMs / steps);
    }
    await setImmediate();
  };
  return { world, store, consensus, context, tombstones, caller: table, log, others, events, run };
}

function createConsensus(store: StateStore): FakeConsensus {
  const servers = [{ id: 'a', address: '10.0.0.1:8300', isVoter: true }];
  const consensus: FakeConsensus = {
    isLeader: true,
    get holdsLease() {
      return consensus.isLeader;
    },
    get hasCaughtUp() {
      return consensus.isLeader;
    },
    term: 2,
    get appliedIndex() {
      return consensus.index - consensus.unapplied;
    },
    catchUp: async () => {},
    leaderAddress: '10.0.0.1:8300',
    lastContactMs: 0,
    isMajorityWithLeader: false,
    verifyError: undefined,
    index: 10,
    unapplied: 0,
    servers,
    apply: async (command): Promise<CommandOutcome> => applyCommand(store, ++consensus.index, command),
    verifyLeader: async () => {
      if (consensus.verifyError !== undefined) throw consensus.verifyError;
    },
    barrier: async () => {},
    addNonvoter: async (id, address) => void servers.push({ id, address, isVoter: false }),
    addVoter: async (id, address) => void servers.push({ id, address, isVoter: true }),
    removeServer: async (id) => {
      servers.splice(
        servers.findIndex((server) => server.id === id),
        1,
      );
    },
    transferLeadership: async () => {},
    lastLog: () => ({ index: consensus.index, term: consensus.term }),
  };
  return consensus;
}

/** As serf says it. */
const eventTooLarge = 'user event exceeds configured limit of 512 bytes before encoding';

const nobodyAnswered: KeyOutcome = {
  response: {
    messages: new Map(),
    nodes: 0,
    responses: 0,
    errors: 0,
    keys: new Map(),
    primaryKeys: new Map(),
  },
};
const noKeys: KeyManager = {
  installKey: (_key, _options, done) => done(nobodyAnswered),
  useKey: (_key, _options, done) => done(nobodyAnswered),
  removeKey: (_key, _options, done) => done(nobodyAnswered),
  listKeys: (_options, done) => done(nobodyAnswered),
};
