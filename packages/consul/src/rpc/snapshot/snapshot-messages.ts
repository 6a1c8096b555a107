// What stands before an archive on the connection of a snapshot: one message in each direction.
// Upstream: agent/structs/snapshot.go.

import { boolean, field, int64, type StructCodec, struct, text } from '@reeve/bytes';
import { type QueryMeta, queryMetaFields } from '../methods/query.ts';

/** What is wanted. The archive that is to be restored follows, and the end of this direction. */
export interface SnapshotRequest {
  readonly datacenter: string;
  /** The ACL token; empty: the anonymous one. */
  readonly token: string;
  /** Any server may save. */
  readonly allowStale: boolean;
  /** 0 saves, 1 restores. */
  readonly operation: number;
}

/** What became of it. The archive that was saved follows. */
export interface SnapshotResponse extends QueryMeta {
  /** Empty: nothing is wrong. */
  readonly error: string;
}

/** What can be wanted. */
export const snapshotOperations = { save: 0, restore: 1 } as const;

/** The request on the wire. */
export const snapshotRequestCodec: StructCodec<SnapshotRequest> = struct<SnapshotRequest>({
  datacenter: field('Datacenter', text),
  token: field('Token', text),
  allowStale: field('AllowStale', boolean),
  operation: field('Op', int64),
});

/** The response on the wire. */
export const snapshotResponseCodec: StructCodec<SnapshotResponse> = struct<SnapshotResponse>({
  error: field('Error', text),
  ...queryMetaFields,
});
