// Cluster membership and failure detection by gossip: SWIM and Lifeguard, byte-compatible with HashiCorp's
// memberlist. Pure: bytes, time and chance come through a runtime.

export { type JoinAddress, parseJoinAddress } from './core/address.ts';
export { type Broadcast, BroadcastQueue, type BroadcastQueueOptions } from './core/broadcast-queue.ts';
export {
  checkConfig,
  defaultPort,
  lanProfile,
  localProfile,
  type MemberlistConfig,
  type MemberlistLimits,
  wanProfile,
} from './core/config.ts';
export { type MemberlistDelegate, type MergeCandidate, silentDelegate } from './core/delegate.ts';
export { JoinError, type JoinOutcome } from './core/join.ts';
export { Keyring, KeyringError } from './core/keyring.ts';
export { Memberlist } from './core/memberlist.ts';
export {
  type KnownNode,
  type MemberNode,
  type MutableNode,
  metaBytesMax,
  type NodeStateName,
  type Versions,
} from './core/node.ts';
export { type NodeStore, OwnNodes } from './core/node-store.ts';
export { pushPullInterval, retransmitLimit } from './core/scaling.ts';
export { Ticker, type TickerRuntime } from './core/ticker.ts';
export { stepwise, type Work } from './core/turns.ts';
export { Underway } from './core/underway.ts';
