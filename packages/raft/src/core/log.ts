// The replicated log as one server has it: what is on the disk, what is on its way there, and the newest
// entries in memory. Raft paper, section 5.3; compaction: section 7.
//
// Entries count as appended at once and as durable only after `onWritten`; answers wait for that, reading
// does not. Invariants: no gaps; `stableIndex` never names an entry that could still get lost; an index
// before `firstIndex` is only known as the last one of the snapshot.

import type { LogEntry } from './log-entry.ts';

/** What a disk keeps of a log. Reading is immediate. */
export interface LogReader {
  /** The first entry kept; `lastIndex + 1` when there is none. */
  readonly firstIndex: number;
  /** The last entry kept; 0 when there never was one. */
  readonly lastIndex: number;
  /** An entry between the two. */
  read(index: number): LogEntry | undefined;
}

/** What has to change on the disk: first the removals, then the entries. */
export interface LogChanges {
  /** Entries from here to the end are wrong; undefined when none is. */
  readonly removeFrom: number | undefined;
  /** Entries up to here are no longer needed; 0 when all are. */
  readonly removeTo: number;
  /** To be appended. Without gaps among themselves; behind a new snapshot there may be one before them. */
  readonly entries: readonly LogEntry[];
}

/** The position of an entry, or of the end of a snapshot. */
export interface LogPosition {
  readonly index: number;
  readonly term: number;
}

/** One server's log. */
export class ReplicatedLog {
  readonly #disk: LogReader;
  #firstIndex: number;
  #lastIndex: number;
  #lastTerm: number;
  #snapshot: LogPosition;
  /** The newest entries, up to the last. Bounded by `unappliedBytesMax` and what the disk has yet to take. */
  #tail: LogEntry[] = [];
  #tailBytes = 0;
  /** On the disk; being written; both fall back when entries are removed. */
  #stableIndex: number;
  #writingIndex: number;
  #removeFrom: number | undefined;
  #removeTo = 0;

  /** What `disk` holds, behind a snapshot; both positions are 0 if there is none. */
  constructor(disk: LogReader, snapshot: LogPosition) {
    this.#disk = disk;
    this.#snapshot = { index: 0, term: 0 };
    this.#firstIndex = disk.firstIndex;
    this.#lastIndex = disk.lastIndex;
    this.#lastTerm = disk.read(disk.lastIndex)?.term ?? 0;
    this.#stableIndex = this.#lastIndex;
    this.#writingIndex = this.#lastIndex;
    // A log that begins right behind a snapshot was cut there because of it, so it belongs to it.
    if (this.#firstIndex <= snapshot.index) this.onSnapshot(snapshot);
    else this.#snapshot = snapshot;
    if (this.#lastIndex === snapshot.index) this.#lastTerm = snapshot.term;
  }

  /** The first entry that can be read; `lastIndex + 1` when none can. */
  get firstIndex(): number {
    return this.#firstIndex;
  }

  /** The last entry, or the end of the snapshot when nothing came after it; 0 in the beginning. */
  get lastIndex(): number {
    return this.#lastIndex;
  }

  get lastTerm(): number {
    return this.#lastTerm;
  }

  /** Up to here everything survives a power cut. */
  get stableIndex(): number {
    return this.#stableIndex;
  }

  /** Where the newest snapshot ends. */
  get snapshot(): LogPosition {
    return this.#snapshot;
  }

  /** The term of an entry; undefined when it is not here, or not here any more. 0 has term 0. */
  termAt(index: number): number | undefined {
    if (index === this.#lastIndex) return this.#lastTerm;
    if (index === this.#snapshot.index) return this.#snapshot.term;
    if (index === 0) return 0;
    return this.entryAt(index)?.term;
  }

  /** An entry; undefined when it is not here, or not here any more. */
  entryAt(index: number): LogEntry | undefined {
    if (index < this.#firstIndex || index > this.#lastIndex) return undefined;
    const place = index - this.#tailFirst;
    return place >= 0 ? this.#tail[place] : this.#disk.read(index);
  }

  /** The entries from `index` to `last`, at most so many and so large, but one at least if there is one. */
  entriesBetween(index: number, last: number, entriesMax: number, bytesMax: number): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (let at = index; at <= last && entries.length < entriesMax; at++) {
      const entry = this.entryAt(at);
      if (entry === undefined) throw new Error(`the log has lost entry ${at}`);
      bytes += entry.data.length;
      if (bytes > bytesMax && entries.length > 0) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Adds the next entry. */
  append(entry: LogEntry): void {
    if (entry.index !== this.#lastIndex + 1) throw new Error(`entry ${entry.index} leaves a gap in the log`);
    this.#tail.push(entry);
    this.#tailBytes += sizeOf(entry);
    this.#lastIndex = entry.index;
    this.#lastTerm = entry.term;
  }

  /** Removes an entry and all behind it: another leader has others. */
  truncateFrom(index: number): void {
    const lastTerm = this.termAt(index - 1);
    if (lastTerm === undefined) throw new Error(`the log cannot end before entry ${index}`);
    const place = Math.max(index - this.#tailFirst, 0);
    for (const entry of this.#tail.splice(place)) this.#tailBytes -= sizeOf(entry);
    this.#lastIndex = index - 1;
    this.#lastTerm = lastTerm;
    this.#forgetOnDisk(index);
  }

  /** Removes the entries up to one that a snapshot has. */
  compactTo(index: number): void {
    if (index > this.#snapshot.index) throw new Error(`entry ${index} is in no snapshot`);
    if (index < this.#firstIndex) return;
    const place = Math.max(index + 1 - this.#tailFirst, 0);
    for (const entry of this.#tail.splice(0, place)) this.#tailBytes -= sizeOf(entry);
    this.#firstIndex = index + 1;
    this.#removeTo = index;
  }

  /**
   * A snapshot is on the disk. If the log has its last entry, what comes behind still holds; if not, nothing
   * in the log does: it begins again behind the snapshot.
   */
  onSnapshot(snapshot: LogPosition): void {
    const fits = this.termAt(snapshot.index) === snapshot.term;
    this.#snapshot = snapshot;
    if (fits) return;
    this.#forgetOnDisk(this.#firstIndex);
    this.#tail = [];
    this.#tailBytes = 0;
    this.#firstIndex = snapshot.index + 1;
    this.#lastIndex = snapshot.index;
    this.#lastTerm = snapshot.term;
    this.#stableIndex = snapshot.index;
    this.#writingIndex = snapshot.index;
  }

  /** What the disk has to learn since the last call; undefined if it knows all. */
  takeChanges(): LogChanges | undefined {
    const removeFrom = this.#removeFrom;
    const removeTo = this.#removeTo;
    if (removeFrom === undefined && removeTo === 0 && this.#writingIndex === this.#lastIndex)
      return undefined;
    const entries = this.#tail.slice(Math.max(this.#writingIndex + 1 - this.#tailFirst, 0));
    this.#writingIndex = this.#lastIndex;
    this.#removeFrom = undefined;
    this.#removeTo = 0;
    return { removeFrom, removeTo, entries };
  }

  /** The disk has done what was taken last. Up to `appliedIndex` nobody waits for entries any more. */
  onWritten(appliedIndex: number): void {
    this.#stableIndex = this.#writingIndex;
    let evicted = 0;
    for (const entry of this.#tail) {
      const bytesMax = entry.index > appliedIndex ? unappliedBytesMax : appliedBytesMax;
      if (this.#tailBytes <= bytesMax || entry.index > this.#stableIndex) break;
      this.#tailBytes -= sizeOf(entry);
      evicted++;
    }
    this.#tail.splice(0, evicted);
  }

  get #tailFirst(): number {
    return this.#lastIndex + 1 - this.#tail.length;
  }

  #forgetOnDisk(from: number): void {
    this.#stableIndex = Math.min(this.#stableIndex, from - 1);
    if (from <= this.#writingIndex) this.#removeFrom = Math.min(this.#removeFrom ?? from, from);
    this.#writingIndex = Math.min(this.#writingIndex, from - 1);
  }
}

/** What an entry takes in memory, about. */
function sizeOf(entry: LogEntry): number {
  return entry.data.length + 400;
}

/**
 * How much is kept for followers that are nearly up to date, so that sending does not read the disk. Little,
 * as an entry that lives longer than V8's young objects costs more to free than to read.
 */
const appliedBytesMax = 256 << 10;
/** The same, while there are entries among them that are still to be sent to all and applied. */
const unappliedBytesMax = 4 << 20;
