// Reading a snapshot: which members there were, and how far the clocks had come.
// Upstream: snapshot.go (replay). Total: a file can hold anything; lines that make no sense are skipped.
// Next: snapshot.ts, which writes what is read here.

import { decodeText } from '@reeve/bytes';
import { lamportTimeMax } from './lamport-clock.ts';

/** What a snapshot remembers. */
export interface SnapshotContent {
  /** Addresses (`host:port`) by name, of members that were not seen to go. */
  readonly alive: ReadonlyMap<string, string>;
  /** The last Lamport times that were seen; 0 for none. */
  readonly clock: number;
  readonly eventClock: number;
  readonly queryClock: number;
  /** The last line is not complete: whoever wrote it did not come to the end. */
  readonly isTorn: boolean;
}

/** Replays a file from its first line to its last whole one. `rejoinAfterLeave` makes it ignore goodbyes. */
export function replaySnapshot(
  file: Uint8Array,
  rejoinAfterLeave: boolean,
  log: (level: 'info' | 'warn', text: string) => void,
): SnapshotContent {
  const replay: Replay = { alive: new Map(), times: { ...noTimes }, rejoinAfterLeave, log };
  let start = 0;
  for (let end = file.indexOf(lineFeed); end >= 0; end = file.indexOf(lineFeed, start)) {
    replayLine(replay, decodeText(file.subarray(start, end)));
    start = end + 1;
  }
  return { alive: replay.alive, ...replay.times, isTorn: start < file.length };
}

interface Replay {
  readonly alive: Map<string, string>;
  times: Record<ClockKey, number>;
  readonly rejoinAfterLeave: boolean;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

type ClockKey = 'clock' | 'eventClock' | 'queryClock';

function replayLine(replay: Replay, line: string): void {
  const colon = line.indexOf(': ');
  const rest = line.slice(colon + 2);
  switch (colon < 0 ? line : line.slice(0, colon)) {
    case 'alive':
      return replayAlive(replay, line, rest);
    case 'not-alive':
      replay.alive.delete(rest);
      return;
    case 'clock':
      return replayClock(replay, 'clock', 'clock', rest);
    case 'event-clock':
      return replayClock(replay, 'eventClock', 'event clock', rest);
    case 'query-clock':
      return replayClock(replay, 'queryClock', 'query clock', rest);
    case 'coordinate': // of old versions; coordinates converge again
      return;
    case 'leave':
      return replayLeave(replay, line);
    default:
      if (!line.startsWith('#')) logUnrecognized(replay, line);
  }
}

/** Names may contain spaces, addresses do not. */
function replayAlive({ alive, log }: Replay, line: string, rest: string): void {
  const space = rest.lastIndexOf(' ');
  if (space < 0) log('warn', `Failed to parse address: ${shorten(line)}`);
  else alive.set(rest.slice(0, space), rest.slice(space + 1));
}

function replayClock({ times, log }: Replay, key: ClockKey, what: string, digits: string): void {
  const problem = /^[0-9]+$/.test(digits)
    ? Number(digits) > lamportTimeMax && 'value out of range'
    : 'invalid syntax';
  if (!problem) times[key] = Number(digits);
  else {
    const quoted = JSON.stringify(shorten(digits));
    log('warn', `Failed to convert ${what} time: strconv.ParseUint: parsing ${quoted}: ${problem}`);
  }
}

function replayLeave(replay: Replay, line: string): void {
  if (line !== 'leave') return logUnrecognized(replay, line);
  if (replay.rejoinAfterLeave) return replay.log('info', 'Ignoring previous leave in snapshot');
  replay.alive.clear();
  replay.times = { ...noTimes };
}

function logUnrecognized({ log }: Replay, line: string): void {
  log('warn', `Unrecognized snapshot line: ${shorten(line)}`);
}

/** A line can be as long as the file; a log line should not. */
function shorten(line: string): string {
  return line.length <= loggedCharactersMax ? line : `${line.slice(0, loggedCharactersMax)}…`;
}

const noTimes: Readonly<Record<ClockKey, number>> = { clock: 0, eventClock: 0, queryClock: 0 };
const lineFeed = 0x0a;
const loggedCharactersMax = 256;
