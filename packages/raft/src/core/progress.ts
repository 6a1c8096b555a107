// What a leader knows about one follower, and how fast it sends. Upstream: hashicorp/raft replication.go
// (followerReplication); the modes are etcd-io/raft's tracker/progress.go.
//
// `probe`: it is not known where the logs agree, one message at a time. `pipeline`: they agree, many messages
// at once, and `nextIndex` runs ahead of the answers. `snapshot`: the follower is being sent one, nothing
// else. Invariant: `matchIndex` only grows; everything up to it is durable there. Next: replication.ts.

import type { Server } from './configuration.ts';

/** The leader's view of a follower, non-voters included. */
export class Progress {
  /** With the address in force. */
  server: Server;
  mode: 'probe' | 'pipeline' | 'snapshot' = 'probe';
  /** The first entry it will be sent next. */
  nextIndex: number;
  /** Up to here its log is the leader's. */
  matchIndex = 0;
  /** Up to where it knows what is committed. */
  commitTold = 0;
  /** When it is told at the latest; infinity when there is nothing to tell. */
  commitDueAtMs = Number.POSITIVE_INFINITY;
  /** Messages with entries, or a snapshot, that have no answer yet. Bounded by `pipelineMax`. */
  inFlight = 0;
  /** Bytes of entries in them. Bounded by `pipelineBytesMax` and one message. */
  inFlightBytes = 0;
  /** Answers to what was sent in an earlier epoch say nothing about how to go on. */
  epoch = 0;
  failures = 0;
  /** Nothing but heartbeats is sent before this. */
  retryAtMs = 0;
  /** When it last answered in the leader's term. */
  lastContactMs: number;
  /** When it was asked last of what it has said yes to: then we led. */
  confirmedAtMs = Number.NEGATIVE_INFINITY;
  /** The latest round of verification it has confirmed. */
  roundConfirmed = 0;
  roundAsked = 0;
  isHeartbeatInFlight = false;
  heartbeatDueAtMs = 0;
  heartbeatFailures = 0;

  constructor(server: Server, nextIndex: number, now: number) {
    this.server = server;
    this.nextIndex = nextIndex;
    this.lastContactMs = now;
  }

  /** It has the leader's log up to an entry. */
  onMatch(index: number): void {
    this.matchIndex = Math.max(this.matchIndex, index);
    this.failures = 0;
    if (this.mode === 'pipeline') return;
    this.mode = 'pipeline';
    this.nextIndex = this.matchIndex + 1;
  }

  /** Starts over, one message at a time, after a while if `retryAtMs` is not past. */
  probeFrom(nextIndex: number, retryAtMs: number): void {
    this.mode = 'probe';
    this.nextIndex = nextIndex;
    this.inFlight = 0;
    this.inFlightBytes = 0;
    this.epoch++;
    this.retryAtMs = retryAtMs;
  }
}

/** How long to wait after so many failures in a row, milliseconds: 10 at first, 640 at most. */
export function backoffMs(failures: number): number {
  return failures === 0 ? 0 : 10 * 2 ** Math.max(Math.min(failures, 8) - 2, 0);
}
