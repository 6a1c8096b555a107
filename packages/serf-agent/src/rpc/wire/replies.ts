// The bodies of replies. Only commands that have one are here; most answer with the header alone.
//
// Upstream: cmd/serf/command/agent/ipc.go. `join` and the key commands send their body even beside an error.

import {
  boolean,
  type Codec,
  field,
  float64,
  int32,
  int64,
  nilable,
  nilableList,
  struct,
  text,
  textMap,
} from '@reeve/bytes';
import type { Coordinate } from '@reeve/serf/core';
import { type RpcMember, rpcMembers } from './member.ts';

/** To `join`: how many addresses could be contacted. */
export interface JoinReply {
  readonly num: number;
}

/** To `members` and `members-filtered`. */
export interface MembersReply {
  readonly members: readonly RpcMember[];
}

/** To the key commands. */
export interface KeyReply {
  /** What single nodes had to say, by node name. */
  readonly messages: ReadonlyMap<string, string>;
  /** How many nodes have a key, by key; null unless keys were listed. */
  readonly keys: ReadonlyMap<string, number> | null;
  readonly numNodes: number;
  readonly numErr: number;
  readonly numResp: number;
}

/** To `get-coordinate`. */
export interface CoordinateReply {
  readonly coord: WireCoordinate;
  /** Whether the node has a coordinate; if not, `coord` is all zero. */
  readonly ok: boolean;
}

/** A coordinate that may be Go's zero value, whose vector is nil. */
export interface WireCoordinate extends Omit<Coordinate, 'vec'> {
  readonly vec: readonly number[] | null;
}

/** To `stats`: sections of keys and values. */
export type StatsReply = ReadonlyMap<string, ReadonlyMap<string, string>>;

const unbounded = Number.POSITIVE_INFINITY; // bounded by the size of the object that holds them

/** See {@link JoinReply}. */
export const joinReply: Codec<JoinReply> = struct<JoinReply>({ num: field('Num', int32) });

/** See {@link MembersReply}. */
export const membersReply: Codec<MembersReply> = struct<MembersReply>({
  members: field('Members', rpcMembers),
});

/** See {@link KeyReply}. */
export const keyReply: Codec<KeyReply> = struct<KeyReply>({
  messages: field('Messages', textMap(text, unbounded)),
  keys: field('Keys', nilable(textMap(int64, unbounded))),
  numNodes: field('NumNodes', int64),
  numErr: field('NumErr', int64),
  numResp: field('NumResp', int64),
});

const wireCoordinate = struct<WireCoordinate>({
  vec: field('Vec', nilableList(float64, unbounded)),
  error: field('Error', float64),
  adjustment: field('Adjustment', float64),
  height: field('Height', float64),
});

/** See {@link CoordinateReply}. */
export const coordinateReply: Codec<CoordinateReply> = struct<CoordinateReply>({
  coord: field('Coord', wireCoordinate),
  ok: field('Ok', boolean),
});

/** See {@link StatsReply}. */
export const statsReply: Codec<StatsReply> = textMap(textMap(text, unbounded), unbounded);
