// What operators see and change of raft and autopilot.
// Upstream: agent/consul/operator_*_endpoint.go, agent/structs/operator.go, autopilot/structs.go.

import { boolean, field, int64, nearestInt64, struct, text, uint64 } from '@reeve/bytes';
import {
  autopilotConfigCodec,
  autopilotRequestCodec,
  type GoTime,
  goTimeCodec,
  type WriteRequest,
  writeRequestFields,
} from '../../core/index.ts';
import { empty } from './empty.ts';
import { answerList } from './lists.ts';
import { method } from './method.ts';
import { nodesQuery } from './query.ts';

/** A server as raft's configuration has it. */
export interface RaftServer {
  readonly id: string;
  /** The node's name, or `(unknown)`. */
  readonly node: string;
  readonly address: string;
  readonly leader: boolean;
  /** `3` */
  readonly protocolVersion: string;
  readonly voter: boolean;
}

/** Raft's configuration. */
export interface RaftConfiguration {
  readonly servers: readonly RaftServer[] | null;
  readonly index: number;
}

/** A server to remove, by address or by id. */
export interface RemovePeer extends WriteRequest {
  readonly address: string;
  readonly id: string;
}

/** How autopilot finds a server. */
export interface ServerHealth {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** serf's number of its status: 1 alive, 4 failed. */
  readonly serfStatus: number;
  /** `1.8.7` */
  readonly version: string;
  readonly leader: boolean;
  /** -1 for a server that cannot be asked. */
  readonly lastContactNs: number;
  readonly lastTerm: number;
  readonly lastIndex: number;
  readonly healthy: boolean;
  readonly voter: boolean;
  readonly stableSince: GoTime;
}

/** How autopilot finds the cluster. */
export interface ClusterHealth {
  readonly healthy: boolean;
  /** How many servers may yet fail. */
  readonly failureTolerance: number;
  readonly servers: readonly ServerHealth[] | null;
}

const raftServer = struct<RaftServer>({
  id: field('ID', text),
  node: field('Node', text),
  address: field('Address', text),
  leader: field('Leader', boolean),
  protocolVersion: field('ProtocolVersion', text),
  voter: field('Voter', boolean),
});

const raftConfiguration = struct<RaftConfiguration>({
  servers: field('Servers', answerList(raftServer)),
  index: field('Index', uint64),
});

const removePeer = struct<RemovePeer>({
  address: field('Address', text),
  id: field('ID', text),
  ...writeRequestFields,
});

const serverHealth = struct<ServerHealth>({
  id: field('ID', text),
  name: field('Name', text),
  address: field('Address', text),
  serfStatus: field('SerfStatus', int64),
  version: field('Version', text),
  leader: field('Leader', boolean),
  lastContactNs: field('LastContact', nearestInt64),
  lastTerm: field('LastTerm', uint64),
  lastIndex: field('LastIndex', uint64),
  healthy: field('Healthy', boolean),
  voter: field('Voter', boolean),
  stableSince: field('StableSince', goTimeCodec),
});

const clusterHealth = struct<ClusterHealth>({
  healthy: field('Healthy', boolean),
  failureTolerance: field('FailureTolerance', int64),
  servers: field('Servers', answerList(serverHealth)),
});

/** The methods of `Operator`. */
export const operator = {
  raftGetConfiguration: method('Operator.RaftGetConfiguration', nodesQuery, raftConfiguration),
  raftRemovePeerByAddress: method('Operator.RaftRemovePeerByAddress', removePeer, empty),
  raftRemovePeerById: method('Operator.RaftRemovePeerByID', removePeer, empty),
  autopilotGetConfiguration: method('Operator.AutopilotGetConfiguration', nodesQuery, autopilotConfigCodec),
  autopilotSetConfiguration: method('Operator.AutopilotSetConfiguration', autopilotRequestCodec, boolean),
  serverHealth: method('Operator.ServerHealth', nodesQuery, clusterHealth),
};
