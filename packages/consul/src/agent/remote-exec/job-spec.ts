// What `consul exec` wants done, as it lies in the key/value store, and the event that says where.
// Upstream: agent/remote_exec.go (remoteExecEvent, remoteExecSpec).

import { bytes, int, list, struct, text } from '../../json/decode.ts';

/** Where a job lies: below `PREFIX/SESSION/`. */
export interface JobPlace {
  readonly prefix: string;
  /** Holds all keys that are written; with it they go. */
  readonly session: string;
}

/** A job: words, or else a script, or else a line for the shell. */
export interface JobSpec {
  readonly command: string;
  readonly args: readonly string[] | null;
  readonly script: Uint8Array;
  /** Who says nothing for so long is to say that it is still there. */
  readonly waitNs: number;
}

/** The payload of the event. */
export const jobPlace = struct<JobPlace>('agent.remoteExecEvent', {
  prefix: ['Prefix', text],
  session: ['Session', text],
});

/** The value of the key `job`. */
export const jobSpec = struct<JobSpec>('agent.remoteExecSpec', {
  command: ['Command', text],
  args: ['Args', list(text, 'string')],
  script: ['Script', bytes],
  waitNs: ['Wait', int],
});
