// Who may do what: tokens with policies and roles, and how tokens come from elsewhere. Nothing here is
// enforced yet; it is kept as leaders of the original write it. Upstream: agent/structs/acl.go.

import type { RaftIndex } from './raft-index.ts';

/** A policy or a role that something has, by its id; the name is what it was called when that was written. */
export interface AclLink {
  readonly id: string;
  readonly name: string;
}

/** All that a service needs. */
export interface AclServiceIdentity {
  readonly serviceName: string;
  readonly datacenters: readonly string[] | null;
}

/** All that a node needs. */
export interface AclNodeIdentity {
  readonly nodeName: string;
  readonly datacenter: string;
}

/** What tokens and roles consist of. */
interface Privileges {
  readonly policies: readonly AclLink[] | null;
  readonly serviceIdentities: readonly AclServiceIdentity[] | null;
  readonly nodeIdentities: readonly AclNodeIdentity[] | null;
}

/** What a client shows to be let do something. */
export interface AclToken extends RaftIndex, Privileges {
  /** What it is called where its secret must not be shown; empty for tokens of before 1.4. */
  readonly accessorId: string;
  readonly secretId: string;
  readonly description: string;
  readonly roles: readonly AclLink[] | null;
  /** Of before 1.4, as are its own rules. */
  readonly type: string;
  readonly rules: string;
  /** Not for other datacenters. */
  readonly local: boolean;
  /** The method that it came from, or empty. */
  readonly authMethod: string;
  /** Times are as Go packs them (wire/go-time.ts). */
  readonly expirationTime: Uint8Array | null;
  readonly expirationTtlNs: number;
  readonly createTime: Uint8Array;
  /** Of its content, for replication; upstream works out one that is missing when it reads a snapshot. */
  readonly hash: Uint8Array | null;
}

/** Rules under a name. */
export interface AclPolicy extends RaftIndex {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly rules: string;
  readonly syntax: number;
  readonly datacenters: readonly string[] | null;
  readonly hash: Uint8Array | null;
}

/** Policies and identities under a name. */
export interface AclRole extends RaftIndex, Privileges {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly hash: Uint8Array | null;
}

/** What those get who come by a method. */
export interface AclBindingRule extends RaftIndex {
  readonly id: string;
  readonly description: string;
  readonly authMethod: string;
  readonly selector: string;
  readonly bindType: string;
  readonly bindName: string;
}

/** How tokens are given to those whom somebody else vouches for. */
export interface AclAuthMethod extends RaftIndex {
  readonly name: string;
  readonly type: string;
  readonly displayName: string;
  readonly description: string;
  readonly maxTokenTtlNs: number;
  /** `global`, or else its tokens are of this datacenter. */
  readonly tokenLocality: string;
  /** Passed on unread: msgpack. */
  readonly config: Uint8Array;
}

/** A token of before 1.4. */
export interface LegacyAcl extends RaftIndex {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly rules: string;
}
