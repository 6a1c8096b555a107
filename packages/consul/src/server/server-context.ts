// What all endpoints of a server share.

import type { Runtime } from '@reeve/runtime';
import type { KeyManager } from '@reeve/serf/core';
import type { AutopilotConfig, StateStore } from '../core/index.ts';
import type { Caller, ClusterHealth, QueryOptions } from '../rpc/methods/index.ts';
import type { Soon } from '../waiting/soon.ts';
import type { Consensus } from './consensus.ts';
import type { SessionTimers } from './session-timers.ts';

/** One server, as its endpoints see it. */
export interface ServerContext {
  readonly runtime: Runtime;
  readonly datacenter: string;
  readonly store: StateStore;
  readonly consensus: Consensus;
  readonly leadership: LeadershipState;
  readonly sessionTimers: SessionTimers;
  readonly settings: ServerSettings;
  /** Whether a read that comes now may be answered by this server, which follows, as by the leader. */
  mayAnswer(question: QueryOptions): Soon<boolean>;
  /** Aborted when the server has left or stopped: then it refuses what is not for any server to answer. */
  readonly leaving: AbortSignal;
  /** Another server, by the address of its server port. */
  callerAt(address: string): Caller;
  /** Any server of another datacenter; undefined: no way leads there. */
  callerOf(datacenter: string): Caller | undefined;
  /** Changes the keys of the datacenter's gossip. */
  readonly keyManager: KeyManager;
  /** Tells all agents of the datacenter; throws what is wrong with the event. */
  sendEvent(name: string, payload: Uint8Array): void;
  /** The name of the server with this address, if gossip knows it. */
  nodeAt(address: string): string | undefined;
}

/** Whether this server has taken over what only a leader does. */
export interface LeadershipState {
  /** It leads, and has applied all that earlier leaders wrote: it may answer for the whole cluster. */
  isEstablished: boolean;
  /** What autopilot found last, while this server led. */
  clusterHealth: ClusterHealth;
}

/** What operators can set, in milliseconds. */
export interface ServerSettings {
  /** `performance.rpc_hold_timeout`: so long a request waits for a leader. */
  readonly rpcHoldTimeoutMs: number;
  readonly defaultQueryTimeMs: number;
  readonly maxQueryTimeMs: number;
  readonly sessionTtlMinMs: number;
  /** How autopilot works until an operator says otherwise. */
  readonly autopilot: AutopilotConfig;
  /** `performance.leave_drain_time`: so long a server that has left answers requests. */
  readonly leaveDrainTimeMs: number;
}
