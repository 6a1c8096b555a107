// What carrying the agent's own to the catalog needs.

import type { Log } from '@reeve/runtime';
import type { TextMap } from '../../core/index.ts';
import type { Caller } from '../../rpc/methods/index.ts';
import type { LocalState } from '../state/local-state.ts';

/** The agent's node as the catalog is to have it. */
export interface OwnNode {
  readonly id: string;
  readonly name: string;
  /** The advertised address. */
  readonly address: string;
  readonly taggedAddresses: TextMap;
  readonly meta: TextMap;
}

/** The parts that take part. */
export interface SyncContext {
  readonly log: Log;
  readonly state: LocalState;
  readonly caller: Caller;
  readonly datacenter: string;
  /** Read at each use: a reload may change its metadata. */
  readonly node: () => OwnNode;
  /** The agent's token for its node, and the one of services and checks that have none. */
  readonly tokens: { readonly agent: string; readonly user: string };
  /** Whether the catalog has our node as it is; only this folder changes it. */
  isNodeInSync: boolean;
}
