// A machine in the catalog. Upstream: agent/structs/structs.go (Node).

import type { RaftIndex } from './raft-index.ts';

/** Texts by name: metadata, or addresses by the network they belong to (`lan`, `wan`, `lan_ipv4` …). */
export type TextMap = ReadonlyMap<string, string>;

/** One node. Its key is `name`, in any case; `id`, if it has one, is unique, too. */
export interface Node extends RaftIndex {
  /** A UUID, or empty for nodes that were registered without one. */
  readonly id: string;
  readonly name: string;
  /** An IP address or a host name. */
  readonly address: string;
  readonly datacenter: string;
  /** null where none were ever given: JSON shows the difference. */
  readonly taggedAddresses: TextMap | null;
  readonly meta: TextMap | null;
}
