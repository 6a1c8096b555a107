// Why the cluster did not do what was asked. The texts are hashicorp/raft's: scripts and Consul look for
// them.

/** The short names of all refusals. */
export type RaftErrorCode =
  | 'not-leader'
  | 'leadership-lost'
  | 'aborted-by-restore'
  | 'shutdown'
  | 'enqueue-timeout'
  | 'nothing-new'
  | 'cannot-bootstrap'
  | 'transfer-in-progress'
  | 'transfer-failed'
  | 'configuration'
  | 'storage';

/** What was asked for was not done, or, for `leadership-lost`, may or may not yet be done. */
export class RaftError extends Error {
  readonly code: RaftErrorCode;

  constructor(code: RaftErrorCode, message: string = raftErrorTexts[code], options?: ErrorOptions) {
    super(message, options);
    this.name = 'RaftError';
    this.code = code;
  }
}

/** Each refusal in upstream's words. */
const raftErrorTexts: Readonly<Record<RaftErrorCode, string>> = {
  'not-leader': 'node is not the leader',
  'leadership-lost': 'leadership lost while committing log',
  'aborted-by-restore': 'snapshot restored while committing log',
  shutdown: 'raft is already shutdown',
  'enqueue-timeout': 'timed out enqueuing operation',
  'nothing-new': 'nothing new to snapshot',
  'cannot-bootstrap': 'bootstrap only works on new clusters',
  'transfer-in-progress': 'leadership transfer in progress',
  'transfer-failed': 'leadership transfer timeout',
  configuration: 'invalid configuration',
  storage: 'failed to commit logs',
};
