// A raft log of the real program with the state that it became: input and answer for a state machine.

import { captureLines } from './captures.ts';

/** One entry of a captured log. */
export interface CapturedEntry {
  readonly index: number;
  /** 0 command, 1 noop, 4 barrier, 5 configuration. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** Logs of Consul that were captured: of one request of each kind, and of random ones. */
export type CapturedLog = 'log' | 'random-log' | 'access-log';

/** Reads `raft/NAME.txt` of Consul: all entries in order. */
export function readRaftLog(name: CapturedLog = 'log'): CapturedEntry[] {
  return capturedBody(`raft/${name}`).map((line) => {
    const [index, type, hex = ''] = line.split(' ');
    return { index: Number(index), type: Number(type), data: Buffer.from(hex === '-' ? '' : hex, 'hex') };
  });
}

/** Reads `snapshot/state-after-NAME.txt` of Consul: the bytes of `state.bin`. */
export function readStateAfterLog(name: CapturedLog = 'log'): Uint8Array {
  return Buffer.from(capturedBody(`snapshot/state-after-${name}`).join(''), 'hex');
}

/** Reads `raft/messages.txt` of Consul: raft's questions and answers, each its kind and its bytes as hex. */
export function readRaftMessages(): (readonly [kind: string, hex: string])[] {
  return capturedBody('raft/messages').map((line) => {
    const [kind = '', hex = ''] = line.split(' ');
    return [kind, hex];
  });
}

function capturedBody(name: string): string[] {
  const lines = captureLines(name, 'consul');
  return lines.slice(lines.indexOf('---') + 1);
}
