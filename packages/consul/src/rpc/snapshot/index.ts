// Snapshots on the server port: a connection of their own, since an archive is no message.

export { ServedSnapshot, type ServeSnapshot, type SnapshotReply } from './served-snapshot.ts';
export { callSnapshot } from './snapshot-call.ts';
export { type SnapshotRequest, snapshotOperations } from './snapshot-messages.ts';
