// What the tests against the real programs are written with: clusters of real and own agents on private
// loopback addresses. Start with cluster.ts.

export { LoopbackNetwork } from '@reeve/namespaces';
export { Agent, type AgentPlace, type Member, readyLine } from './agent.ts';
export { type CanonicalOutcome, canonical } from './canonical.ts';
export { Child, type Outcome, run } from './child.ts';
export { allAlive, Cluster, expectStatuses } from './cluster.ts';
export { ConsulAgent, type HttpAnswer, scratchFolder } from './consul-agent.ts';
export { ConsulCluster } from './consul-cluster.ts';
export { type ConsulCase, ConsulPair, consulCase } from './consul-pair.ts';
export { EmbeddedNode, type EmbeddedOptions } from './embedded-node.ts';
export { EventLog, type HandledEvent, stdinHex } from './event-log.ts';
export { eventually, holds, NotInTime } from './eventually.ts';
export { type MixedCluster, startMixedCluster } from './mixed-cluster.ts';
export { programOn } from './program-on.ts';
export {
  consul187,
  consulMissing,
  type Program,
  peersMissing,
  reeve,
  reeveConsul,
  serf094,
  serf0101,
} from './programs.ts';
export { type RpcBody, RpcConnection, rpcBody, sendEvent } from './rpc-client.ts';
