// A member as RPC clients see it: in replies to `members` and in the records of member events.
// Upstream: cmd/serf/command/agent/ipc.go (Member).

import { bytes, type Codec, field, list, parseIp, struct, text, textMap, uint8, uint16 } from '@reeve/bytes';
import type { Member } from '@reeve/serf/core';

/** One member of the cluster. */
export interface RpcMember {
  readonly name: string;
  /** 4 or 16 bytes of IP address. */
  readonly address: Uint8Array;
  readonly port: number;
  readonly tags: ReadonlyMap<string, string>;
  /** `none`, `alive`, `leaving`, `left` or `failed`. */
  readonly status: string;
  readonly protocolMin: number;
  readonly protocolMax: number;
  readonly protocolCur: number;
  readonly delegateMin: number;
  readonly delegateMax: number;
  readonly delegateCur: number;
}

/** What serf knows of a member, for the wire. */
export function toRpcMember(member: Member): RpcMember {
  return { ...member, address: parseIp(member.host) ?? new Uint8Array(0) };
}

/** A list of members, as many as the object that holds them has room for. */
export const rpcMembers: Codec<readonly RpcMember[]> = list(
  struct<RpcMember>({
    name: field('Name', text),
    address: field('Addr', bytes),
    port: field('Port', uint16),
    tags: field('Tags', textMap(text, Number.POSITIVE_INFINITY)),
    status: field('Status', text),
    protocolMin: field('ProtocolMin', uint8),
    protocolMax: field('ProtocolMax', uint8),
    protocolCur: field('ProtocolCur', uint8),
    delegateMin: field('DelegateMin', uint8),
    delegateMax: field('DelegateMax', uint8),
    delegateCur: field('DelegateCur', uint8),
  }),
  Number.POSITIVE_INFINITY,
);
