// A file that remembers who was there and how far the clocks had come, one line a change.
// Upstream: snapshot.go. It is the first to see what happens: events that are coalesced later, and queries
// that nobody else sees. After a goodbye only the clock is recorded. What was buffered is written twice a
// second; upstream writes only together with a later line, so a crash may lose much more.
// Next: snapshot-file.ts, snapshot-replay.ts.

import { type DiskError, endpointText, type Result, type Runtime } from '@reeve/runtime';
import { SerfError } from './errors.ts';
import type { MemberEvent, SerfEvent } from './events.ts';
import type { LamportClock } from './lamport-clock.ts';
import type { Member } from './member.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { replaySnapshot, type SnapshotContent } from './snapshot-replay.ts';

/** Where a snapshot is kept, and how. */
export interface SnapshotOptions {
  readonly path: string;
  /** Larger files are not read. */
  readonly bytesMax: number;
  readonly rejoinAfterLeave: boolean;
  /** The member clock. */
  readonly clock: LamportClock;
}

/** A snapshot that was just opened, and what it remembered. */
export interface OpenedSnapshot {
  readonly snapshot: Snapshot;
  readonly content: SnapshotContent;
}

/** Opens the file, which is made if there is none, and reads what it remembers. */
export function openSnapshot(
  options: SnapshotOptions,
  runtime: Runtime,
  done: (result: Result<OpenedSnapshot, SerfError>) => void,
): void {
  const { path, bytesMax, rejoinAfterLeave } = options;
  const fail = (error: DiskError) => {
    const text = `Failed to setup snapshot: failed to open snapshot: ${error.message}`;
    done({ ok: false, error: new SerfError(text, { cause: error }) });
  };
  runtime.disk.openAppend(path, snapshotMode, (opened) => {
    if (!opened.ok) return fail(opened.error);
    const file = opened.value;
    runtime.disk.read(path, bytesMax, (read) => {
      if (!read.ok) return file.close(() => fail(read.error));
      const log = (level: 'info' | 'warn', text: string) => runtime.log(level, `serf: ${text}`);
      const content = replaySnapshot(read.value, rejoinAfterLeave, log);
      const sizeBytes = read.value.length;
      const createFile = (compacted: () => string, bytesMax: () => number) =>
        new SnapshotFile({ path, mode: snapshotMode, sizeBytes, bytesMax, compacted }, file, runtime);
      done({ ok: true, value: { snapshot: new Snapshot(options, content, createFile), content } });
    });
  });
}

/** Turns what happens into lines. */
export class Snapshot {
  readonly #options: SnapshotOptions;
  readonly #file: SnapshotFile;
  // Bounded by the member table: who goes is taken out.
  readonly #alive: Map<string, string>;
  #lastClock: number;
  #lastEventClock: number;
  #lastQueryClock: number;
  #isLeaving = false;

  constructor(
    options: SnapshotOptions,
    content: SnapshotContent,
    createFile: (compacted: () => string, bytesMax: () => number) => SnapshotFile,
  ) {
    this.#options = options;
    this.#alive = new Map(content.alive);
    this.#lastClock = content.clock;
    this.#lastEventClock = content.eventClock;
    this.#lastQueryClock = content.queryClock;
    this.#file = createFile(
      () => this.#compacted(),
      () => Math.max(compactBytesMin, compactFactor * bytesPerNode * this.#alive.size),
    );
    if (content.isTorn) this.#file.compact(); // or the next line would continue the torn one
  }

  /** Something happened. */
  record(event: SerfEvent): void {
    if (this.#isLeaving) return;
    if (event.kind === 'user') this.#recordEventClock(event.lTime);
    else if (event.kind === 'query') this.#recordQueryClock(event.lTime);
    else this.#recordMembers(event);
  }

  /** To be called twice a second: the clock may have grown without an event, and what waits is written. */
  tick(): void {
    this.#recordClock();
    this.#file.flush();
  }

  /** This node leaves on purpose: after a restart it does not rejoin. */
  leave(): void {
    this.#isLeaving = true;
    if (!this.#options.rejoinAfterLeave) this.#alive.clear();
    this.#file.append(leaveLine);
    this.#file.sync();
  }

  /** Writes everything that waits; `done` when it is safe. */
  close(done: () => void): void {
    this.#recordClock();
    this.#file.sync();
    this.#file.close(done);
  }

  #recordMembers({ kind, members }: MemberEvent): void {
    const hasGone = kind === 'member-leave' || kind === 'member-failed';
    for (const member of members) {
      if (member.name.includes('\n')) continue; // could forge any line
      if (kind === 'member-join') this.#recordAlive(member);
      else if (hasGone) this.#recordGone(member);
    }
    this.#recordClock();
  }

  #recordAlive(member: Member): void {
    const address = endpointText(member);
    this.#alive.set(member.name, address);
    this.#file.append(aliveLine(member.name, address));
  }

  #recordGone({ name }: Member): void {
    this.#alive.delete(name);
    this.#file.append(`not-alive: ${name}\n`);
  }

  /** One less than the clock: what was seen last. */
  #recordClock(): void {
    const seen = this.#options.clock.time - 1;
    if (seen <= this.#lastClock) return;
    this.#lastClock = seen;
    this.#file.append(`clock: ${seen}\n`);
  }

  #recordEventClock(lTime: number): void {
    if (lTime <= this.#lastEventClock) return;
    this.#lastEventClock = lTime;
    this.#file.append(`event-clock: ${lTime}\n`);
  }

  #recordQueryClock(lTime: number): void {
    if (lTime <= this.#lastQueryClock) return;
    this.#lastQueryClock = lTime;
    this.#file.append(`query-clock: ${lTime}\n`);
  }

  /** A file that says no more than what is true now. */
  #compacted(): string {
    const alive = [...this.#alive].map(([name, address]) => aliveLine(name, address));
    const leave = this.#isLeaving ? leaveLine : '';
    const clocks = [
      `clock: ${this.#lastClock}\n`,
      `event-clock: ${this.#lastEventClock}\n`,
      `query-clock: ${this.#lastQueryClock}\n`,
    ];
    return [...alive, leave, ...clocks].join('');
  }
}

function aliveLine(name: string, address: string): string {
  return `alive: ${name} ${address}\n`;
}

/** How often `tick` is to be called. */
export const snapshotTickMs = 500;

const leaveLine = 'leave\n';
const snapshotMode = 0o644;
/** Smaller files are never compacted. */
const compactBytesMin = 128 * 1024;
/** A file this many times larger than it need be is. */
const compactFactor = 2;
const bytesPerNode = 128;
