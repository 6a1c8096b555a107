// What routes about an agent itself and its cluster need of it.

import type { JsonOutput } from '@reeve/cli';
import type { Interval } from '@reeve/runtime/node';
import type { Coordinate, Member } from '@reeve/serf/core';
import type { FollowedLog } from '../log/agent-log.ts';
import type { ServeSnapshot } from '../rpc/snapshot/index.ts';
import type { HttpAgent } from './agent.ts';
import type { EventLog } from './event-log.ts';

/** An agent with its place in the cluster. */
export interface ClusterAgent extends HttpAgent {
  /** Saves and restores the state of the cluster. */
  readonly snapshot: ServeSnapshot;
  /** Tells what is logged from now on. */
  readonly log: FollowedLog;
  /** What it measures. */
  readonly metrics: MetricSource;
  /** The user events it has seen. */
  readonly events: EventLog;
  readonly cluster: {
    /** The members of the datacenter, whatever their status. */
    members(): readonly Member[];
    /** The servers of all datacenters; null: the agent is in no such pool. */
    wanMembers(): readonly Member[] | null;
    localMember(): Member;
    /** Where this node is in the space of coordinates, if it takes part in that. */
    coordinate(): Coordinate | undefined;
    /** Joins through an address; rejects with the text for the client. */
    join(address: string, wan: boolean): Promise<void>;
    forceLeave(node: string, prune: boolean): Promise<void>;
    /** Resolves when the agent has left; it ends soon afterwards. */
    leave(): Promise<void>;
    /** Reads the configuration again; rejects with what is wrong with it. */
    reload(): Promise<void>;
  };
  readonly identity: AgentIdentity;
  /** The node's metadata, as it is in the catalog. */
  readonly nodeMeta: ReadonlyMap<string, string>;
  /** What `info` shows: sections of keys and values. */
  stats(): ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What the machine is like, under the names of Go's gopsutil. */
  hostInfo(): Promise<JsonOutput>;
  /** The configuration for debugging, without secrets. */
  debugConfig(): { readonly [key: string]: JsonOutput };
}

/** Who knows the numbers of the last seconds. */
export interface MetricSource {
  /** Those of the last full ten seconds, or of those since the start. */
  latest(): Interval;
}

/** What an agent says about itself first. */
export interface AgentIdentity {
  readonly datacenter: string;
  readonly nodeName: string;
  readonly nodeId: string;
  readonly revision: string;
  readonly isServer: boolean;
  readonly version: string;
}
