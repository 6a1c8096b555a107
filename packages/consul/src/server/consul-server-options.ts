// What a server is made of. Who reads a configuration makes it (agent/options/server-options.ts), and
// consul-server.ts takes it.

import type { LogStore, RaftConfig, SnapshotStore } from '@reeve/raft';
import type { Endpoint, Runtime } from '@reeve/runtime';
import type { SerfConfig, SerfEvent } from '@reeve/serf/core';
import type { PortLimits } from '../rpc/server-port.ts';
import type { ServerSettings } from './server-context.ts';

/** What a server is made of. */
export interface ConsulServerOptions {
  readonly runtime: Runtime;
  readonly datacenter: string;
  readonly nodeName: string;
  /** A UUID; raft's id. */
  readonly nodeId: string;
  /** `1.8.7:`, as other agents understand it. */
  readonly build: string;
  /** Where the server port listens. */
  readonly bind: Endpoint;
  /** Under which address others reach it; the port is the one that is listened at. */
  readonly advertiseHost: string;
  /** Gossip without tags, which the server adds. */
  readonly serf: SerfConfig;
  readonly raft: RaftConfig;
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
  readonly settings: ServerSettings;
  readonly portLimits: PortLimits;
  /** The server begins a cluster alone, and tells others so. */
  readonly isBootstrap: boolean;
  /** It begins one alone and tells nobody, as with `-dev`. */
  readonly isDevelopment?: boolean;
  /** It begins one with so many others; 0: it does not. */
  readonly bootstrapExpect: number;
  /** Gossip told something; user events among it. */
  readonly onGossip: (event: SerfEvent) => void;
  /** The server cannot go on and has stopped. */
  readonly onFatal: (error: Error) => void;
}
