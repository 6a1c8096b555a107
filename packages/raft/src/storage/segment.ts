// One file of the log, open: where each of its entries lies, and where the next frame goes.
//
// Of its entries those count that nobody has removed or written anew since. They are one run, as an entry is
// only ever added behind the last one. Next: log-index.ts.

import type { DiskError, RandomAccessFile, Result } from '@reeve/runtime';
import { type LogEntry, RaftError } from '../core/index.ts';
import { checksumBytes, type Frame, readEntry, type UnplacedFrame } from './frame.ts';
import type { ReadAhead } from './read-ahead.ts';
import { blankBytes, type SegmentContent, seal, wordBytes } from './segment-content.ts';
import { SpanList } from './span-list.ts';

type Done = (result: Result<void, DiskError>) => void;

/** A file's name, and the file. */
export interface SegmentFile {
  /** Segments are numbered without gaps. */
  readonly number: number;
  readonly path: string;
  readonly file: RandomAccessFile;
}

/** A segment of the log. */
export class Segment {
  readonly number: number;
  readonly path: string;
  readonly #file: RandomAccessFile;
  readonly #readAhead: ReadAhead;
  readonly #spans = new SpanList();
  #firstIndex = 1;
  /** Where the next frame goes; the end of what failed to be written there; the end of blank words. */
  #end: number;
  #remainsEnd: number;
  #blankEnd: number;

  constructor({ number, path, file }: SegmentFile, content: SegmentContent, readAhead: ReadAhead) {
    this.number = number;
    this.path = path;
    this.#file = file;
    this.#readAhead = readAhead;
    this.#end = content.end;
    this.#remainsEnd = content.remainsEnd;
    this.#blankEnd = content.blankEnd;
  }

  /** The first of its entries that count; `lastIndex + 1` if none does. */
  get firstIndex(): number {
    return this.#firstIndex;
  }

  get lastIndex(): number {
    return this.#firstIndex + this.#spans.length - 1;
  }

  /** How long the file is, without blank words. */
  get bytes(): number {
    return this.#end;
  }

  /** Where a frame could not be written, remains of it may lie. */
  get hasRemains(): boolean {
    return this.#remainsEnd > this.#end;
  }

  /** Whether a frame fits, and a word that seals, or shows that nothing is cut off. */
  hasRoomFor(frameBytes: number): boolean {
    return this.#end + frameBytes + wordBytes <= this.#blankEnd;
  }

  /** One of its entries that count. @throws RaftError `storage` when it is not as it was written. */
  read(index: number): LogEntry {
    const [position, bytes] = this.#spans.at(index - this.#firstIndex);
    const length = bytes + checksumBytes;
    const record = this.#readAhead.read(this.#file, position - checksumBytes, length, this.#end);
    if (!record.ok) throw damagedLog(this.path, record.error.message, record.error);
    const entry = record.value.length < length ? undefined : readEntry(record.value);
    if (entry?.index !== index) throw damagedLog(this.path, 'a checksum is wrong');
    return entry;
  }

  /** Its entries from an index on no longer count. */
  removeFrom(index: number): void {
    this.#spans.truncate(Math.max(index - this.#firstIndex, 0));
  }

  /** The entries of a frame that lies in its file count from now on. */
  add({ nextIndex, spans }: Frame): void {
    if (this.#spans.length === 0) this.#firstIndex = nextIndex;
    for (let i = 0; i < spans.length; i += 2) this.#spans.push(spans[i] as number, spans[i + 1] as number);
  }

  /** Blanks what could not be written. */
  clean(done: Done): void {
    this.#file.writeDurably(this.#end, blankBytes(this.#remainsEnd - this.#end), (result) => {
      if (result.ok) {
        this.#blankEnd = Math.max(this.#blankEnd, this.#remainsEnd);
        this.#remainsEnd = this.#end;
      }
      done(result);
    });
  }

  /** Adds blank words, a multiple of `roomBytes` and enough for a frame: a file that grows takes longer. */
  extend(frameBytes: number, roomBytes: number, done: Done): void {
    const missing = this.#end + frameBytes + wordBytes - this.#blankEnd;
    const bytes = Math.ceil(missing / roomBytes) * roomBytes;
    this.#file.writeDurably(this.#blankEnd, blankBytes(bytes), (result) => {
      if (result.ok) this.#blankEnd += bytes;
      done(result);
    });
  }

  /** Writes a frame behind the others, where there is room for it. */
  write(unplaced: UnplacedFrame, number: number, done: (result: Result<Frame, DiskError>) => void): void {
    const frame = unplaced.place(this.#end, number);
    this.#file.writeDurably(this.#end, unplaced.bytes, (result) => {
      if (result.ok) this.#end = this.#remainsEnd = frame.position + frame.bytes;
      else this.#remainsEnd = frame.position + frame.bytes;
      done(result.ok ? { ok: true, value: frame } : result);
    });
  }

  /** Says in the file that there is a later one: if that is missing it has got lost. */
  seal(done: Done): void {
    this.#spans.trim();
    this.#file.writeDurably(this.#end, seal, done);
  }

  close(done: () => void): void {
    this.#file.close(done);
  }
}

/** The log is not what it was, or cannot be used: says what an operator can do. */
export function damagedLog(path: string, what: string, cause?: unknown): RaftError {
  const directory = path.slice(0, path.lastIndexOf('/'));
  const text =
    `${path}: the raft log cannot be used: ${what}. Make the file readable and writable, or put back a ` +
    `copy of ${directory}; or, if the other servers have a leader, remove ${directory} and start again: ` +
    'they send everything';
  return new RaftError('storage', text, { cause });
}
