// The bodies of requests. Commands without one (`members`, `leave`, `list-keys`, `stats`) are not here.
//
// Upstream: cmd/serf/command/agent/ipc.go. The order of fields is Go's, which matters for bodies sent as
// arrays. Lists and maps are bounded far above what a cluster can carry (tags: 512 bytes in all).

import {
  boolean,
  bytes,
  type Codec,
  field,
  int32,
  int64,
  nilableBytes,
  nilableList,
  struct,
  text,
  textMap,
  uint8,
} from '@reeve/bytes';
import { seqCodec } from './headers.ts';

/** `handshake`: the version of this protocol the client speaks; there is only 1. */
export interface HandshakeRequest {
  readonly version: number;
}

/** `auth`. */
export interface AuthRequest {
  readonly authKey: string;
}

/** `event`. */
export interface EventRequest {
  readonly name: string;
  /** null and empty mean the same to an agent. */
  readonly payload: Uint8Array | null;
  readonly coalesce: boolean;
}

/** `force-leave`. */
export interface ForceLeaveRequest {
  readonly node: string;
  readonly prune: boolean;
}

/** `join`. */
export interface JoinRequest {
  readonly existing: readonly string[] | null;
  readonly replay: boolean;
}

/** `members-filtered`: regular expressions, matched against the whole value; empty ones are no filter. */
export interface MembersFilteredRequest {
  readonly tags: ReadonlyMap<string, string>;
  readonly status: string;
  readonly name: string;
}

/** `install-key`, `use-key`, `remove-key`: a key in base64. */
export interface KeyRequest {
  readonly key: string;
}

/** `monitor`. */
export interface MonitorRequest {
  readonly logLevel: string;
}

/** `stream`: an event filter, see event-filter.ts of @reeve/serf. */
export interface StreamRequest {
  readonly type: string;
}

/** `stop`: the sequence number of the stream or monitor to end. */
export interface StopRequest {
  readonly stop: bigint;
}

/** `tags`: first `deleteTags` go, then `tags` are set. */
export interface TagsRequest {
  readonly tags: ReadonlyMap<string, string>;
  readonly deleteTags: readonly string[] | null;
}

/** `query`. */
export interface QueryRequest {
  readonly filterNodes: readonly string[] | null;
  readonly filterTags: ReadonlyMap<string, string>;
  readonly requestAck: boolean;
  readonly relayFactor: number;
  readonly timeoutNs: number;
  readonly name: string;
  readonly payload: Uint8Array | null;
}

/** `respond`: answers the query that a stream announced under this number. */
export interface RespondRequest {
  readonly id: bigint;
  readonly payload: Uint8Array;
}

/** `get-coordinate`. */
export interface CoordinateRequest {
  readonly node: string;
}

/** At most so many entries in a list or map of a request. */
const requestEntriesMax = 4096;

const tagMap = textMap(text, requestEntriesMax);
const texts = nilableList(text, requestEntriesMax);

/** See {@link HandshakeRequest}. */
export const handshakeRequest: Codec<HandshakeRequest> = struct<HandshakeRequest>({
  version: field('Version', int32),
});

/** See {@link AuthRequest}. */
export const authRequest: Codec<AuthRequest> = struct<AuthRequest>({ authKey: field('AuthKey', text) });

/** See {@link EventRequest}. */
export const eventRequest: Codec<EventRequest> = struct<EventRequest>({
  name: field('Name', text),
  payload: field('Payload', nilableBytes),
  coalesce: field('Coalesce', boolean),
});

/** See {@link ForceLeaveRequest}. */
export const forceLeaveRequest: Codec<ForceLeaveRequest> = struct<ForceLeaveRequest>({
  node: field('Node', text),
  prune: field('Prune', boolean),
});

/** See {@link JoinRequest}. */
export const joinRequest: Codec<JoinRequest> = struct<JoinRequest>({
  existing: field('Existing', texts),
  replay: field('Replay', boolean),
});

/** See {@link MembersFilteredRequest}. */
export const membersFilteredRequest: Codec<MembersFilteredRequest> = struct<MembersFilteredRequest>({
  tags: field('Tags', tagMap),
  status: field('Status', text),
  name: field('Name', text),
});

/** See {@link KeyRequest}. */
export const keyRequest: Codec<KeyRequest> = struct<KeyRequest>({ key: field('Key', text) });

/** See {@link MonitorRequest}. */
export const monitorRequest: Codec<MonitorRequest> = struct<MonitorRequest>({
  logLevel: field('LogLevel', text),
});

/** See {@link StreamRequest}. */
export const streamRequest: Codec<StreamRequest> = struct<StreamRequest>({ type: field('Type', text) });

/** See {@link StopRequest}. */
export const stopRequest: Codec<StopRequest> = struct<StopRequest>({ stop: field('Stop', seqCodec) });

/** See {@link TagsRequest}. */
export const tagsRequest: Codec<TagsRequest> = struct<TagsRequest>({
  tags: field('Tags', tagMap),
  deleteTags: field('DeleteTags', texts),
});

/** See {@link QueryRequest}. */
export const queryRequest: Codec<QueryRequest> = struct<QueryRequest>({
  filterNodes: field('FilterNodes', texts),
  filterTags: field('FilterTags', tagMap),
  requestAck: field('RequestAck', boolean),
  relayFactor: field('RelayFactor', uint8),
  timeoutNs: field('Timeout', int64),
  name: field('Name', text),
  payload: field('Payload', nilableBytes),
});

/** See {@link RespondRequest}. */
export const respondRequest: Codec<RespondRequest> = struct<RespondRequest>({
  id: field('ID', seqCodec),
  payload: field('Payload', bytes),
});

/** See {@link CoordinateRequest}. */
export const coordinateRequest: Codec<CoordinateRequest> = struct<CoordinateRequest>({
  node: field('Node', text),
});
