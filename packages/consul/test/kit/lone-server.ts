// A server without raft and sockets: what is written is applied at once. Time is virtual.

import { setImmediate } from 'node:timers/promises';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { applyCommand, type CommandOutcome, StateStore } from '../../dist/core/index.js';
import { MethodTable } from '../../dist/rpc/method-table.js';
import type { Caller } from '../../dist/rpc/methods/index.js';
import type { Consensus } from '../../dist/server/consensus.js';
import { createEndpoints } from '../../dist/server/endpoints/all.js';
import { defaultServerSettings, type ServerContext } from '../../dist/server/server-context.js';
import { SessionTimers } from '../../dist/server/session-timers.js';

/** Raft as a test wants it. */
export interface FakeConsensus extends Consensus {
  isLeader: boolean;
  leaderAddress: string;
  lastContactMs: number | undefined;
  isReadyForConsistentReads: boolean;
  /** What the leadership check ends with, if it fails. */
  verifyError: Error | undefined;
  /** The index of the last entry. */
  index: number;
}

/** A server in a world of its own. */
export interface LoneServer {
  readonly world: VirtualWorld;
  readonly store: StateStore;
  readonly consensus: FakeConsensus;
  readonly context: ServerContext;
  readonly caller: MethodTable;
  readonly log: string[];
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
  const store = new StateStore({ clock: runtime.clock });
  const consensus = createConsensus(store);
  const others = new Map<string, Caller>();
  const context: ServerContext = {
    runtime,
    datacenter: 'dc1',
    store,
    consensus,
    sessionTimers: new SessionTimers(runtime, () => {}),
    settings: defaultServerSettings,
    callerAt: (address) => others.get(address) ?? new MethodTable(),
    callerOf: () => undefined,
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
  return { world, store, consensus, context, caller: table, log, others, run };
}

function createConsensus(store: StateStore): FakeConsensus {
  const consensus: FakeConsensus = {
    isLeader: true,
    leaderAddress: '10.0.0.1:8300',
    lastContactMs: 0,
    isReadyForConsistentReads: true,
    verifyError: undefined,
    index: 10,
    servers: [{ id: 'a', address: '10.0.0.1:8300', isVoter: true }],
    apply: async (command): Promise<CommandOutcome> => applyCommand(store, ++consensus.index, command),
    verifyLeader: async () => {
      if (consensus.verifyError !== undefined) throw consensus.verifyError;
    },
    removeServer: async () => {},
    lastLog: () => ({ index: consensus.index, term: 2 }),
  };
  return consensus;
}
