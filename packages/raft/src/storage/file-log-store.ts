// The log on a disk: files of frames, one behind the other. A write is one frame, one call of the disk and
// one flush, however many entries it has; now and then it has to wait for blank words or a new segment.
//
// A write that fails leaves anything behind. So before the next one its place is made blank again: what is
// acknowledged afterwards has been written anew, and nothing depends on what the system did with pages that
// it could not flush. Next: frame.ts, segment-content.ts (what is believed of a file), segment.ts.

import { copyBytes } from '@reeve/bytes';
import type { Disk, RandomAccessFile, Result } from '@reeve/runtime';
import type { HardState, LogEntry, Write } from '../core/index.ts';
import { encodeFrame, type LogBounds, type UnplacedFrame } from './frame.ts';
import type { LogIndex } from './log-index.ts';
import type { LogStore } from './log-store.ts';
import type { ReadAhead } from './read-ahead.ts';
import { Segment } from './segment.ts';
import { blankBytes, readSegment } from './segment-content.ts';

/** How the log is laid out. */
export interface LogLayout {
  /** From here on the next frame goes to a new segment. What is in a snapshot goes by segments. */
  readonly segmentBytes: number;
  /** How many blank words a segment gets at a time: what a small log takes. */
  readonly roomBytes: number;
}

/** What the store is made of. */
export interface FileLogParts {
  readonly disk: Disk;
  readonly directory: string;
  readonly layout: LogLayout;
  /** What was found in the directory. */
  readonly index: LogIndex;
  readonly readAhead: ReadAhead;
  readonly onClosed: () => void;
}

type Done = (result: Result<void>) => void;

/** The log in a directory; log-recovery.ts opens it. */
export class FileLogStore implements LogStore {
  readonly #parts: FileLogParts;
  readonly #index: LogIndex;
  /** Calls of the disk that have not ended, or are about to be followed by others. */
  #underWay = 0;
  /** Told when nothing is under way. */
  #onIdle: (() => void) | undefined;

  constructor(parts: FileLogParts) {
    this.#parts = parts;
    this.#index = parts.index;
  }

  get hardState(): HardState {
    return this.#index.hardState;
  }

  get firstIndex(): number {
    return this.#index.firstIndex;
  }

  get lastIndex(): number {
    return this.#index.lastIndex;
  }

  read(index: number): LogEntry | undefined {
    return this.#index.read(index);
  }

  write(write: Write, done: Done): void {
    const bounds = this.#boundsAfter(write);
    const frame = encodeFrame(bounds, write.entries);
    this.#underWay++;
    this.#writeFrame(frame, (result) => {
      const isClosing = this.#onIdle !== undefined;
      this.#end();
      if (!isClosing) done(result);
    });
  }

  close(done: () => void): void {
    this.#onIdle = () => {
      closeAll(this.#index.segments, () => {
        this.#parts.onClosed();
        done();
      });
    };
    this.#underWay++;
    this.#end();
  }

  #end(): void {
    if (--this.#underWay === 0) this.#onIdle?.();
  }

  /** What the log is afterwards. Whoever appends to an empty log may leave a gap: nothing old counts then. */
  #boundsAfter({ hardState = this.hardState, removeFrom, removeTo, entries }: Write): LogBounds {
    const kept = Math.min(this.lastIndex, (removeFrom ?? Number.POSITIVE_INFINITY) - 1);
    const firstKept = Math.max(this.firstIndex, removeTo + 1);
    const nextIndex = entries[0]?.index ?? Math.max(kept + 1, firstKept);
    const firstIndex = kept < firstKept ? nextIndex : firstKept;
    if (kept >= firstKept && nextIndex !== kept + 1)
      throw new Error(`entry ${nextIndex} does not follow entry ${kept}`);
    return { hardState, firstIndex, nextIndex };
  }

  #writeFrame(frame: UnplacedFrame, done: Done): void {
    this.#makeRoom(frame.bytes.length, (ready) => {
      if (!ready.ok) return done(ready);
      const segment = ready.value;
      segment.write(frame, this.#index.number + 1, (written) => {
        if (!written.ok) return done(written);
        this.#index.addFrame(segment, written.value);
        this.#dropOldest();
        done(succeeded);
      });
    });
  }

  /** Does what a write needs first, one thing after the other; as a rule that is nothing. */
  #makeRoom(frameBytes: number, done: (result: Result<Segment>) => void): void {
    const goOn = (result: Result<void>): void => {
      if (result.ok) this.#makeRoom(frameBytes, done);
      else done(result);
    };
    const { newest } = this.#index;
    const { segmentBytes, roomBytes } = this.#parts.layout;
    if (newest?.hasRemains) return newest.clean(goOn);
    if (newest === undefined || newest.bytes >= segmentBytes) return this.#addSegment(newest, goOn);
    if (!newest.hasRoomFor(frameBytes)) return newest.extend(frameBytes, roomBytes, goOn);
    done({ ok: true, value: newest });
  }

  /** Begins a segment with a frame that stands for all before. Then the older one says that there is one. */
  #addSegment(before: Segment | undefined, done: Done): void {
    const { disk, directory, layout, readAhead } = this.#parts;
    const { firstIndex, lastIndex, hardState } = this.#index;
    const number = (before?.number ?? 0) + 1;
    const path = segmentPath(directory, number);
    const first = encodeFrame({ hardState, firstIndex, nextIndex: lastIndex + 1 }, []);
    const frame = first.place(0, this.#index.number + 1);
    const bytes = copyBytes(blankBytes(Math.max(layout.roomBytes, 2 * frame.bytes)));
    bytes.set(first.bytes);
    const add = (file: RandomAccessFile): void => {
      const content = readSegment(bytes);
      this.#index.addSegment(new Segment({ number, path, file }, content, readAhead), content.frames);
      done(succeeded);
    };
    disk.replace(path, bytes, fileMode, (replaced) => {
      if (!replaced.ok) return done(replaced);
      disk.openRandomAccess(path, (opened) => {
        if (!opened.ok) return done(opened);
        if (before === undefined) return add(opened.value);
        before.seal((sealed) => {
          if (sealed.ok) return add(opened.value);
          opened.value.close(() => done(sealed));
        });
      });
    });
  }

  /** Segments in which nothing counts any more go; one that cannot be removed does after a restart. */
  #dropOldest(): void {
    for (let old = this.#index.takeOldest(); old !== undefined; old = this.#index.takeOldest()) {
      const { path } = old;
      this.#underWay++;
      old.close(() => this.#parts.disk.remove(path, () => this.#end()));
    }
  }
}

/** Where a segment lies. */
export function segmentPath(directory: string, number: number): string {
  return `${directory}/log-${number}`;
}

function closeAll([first, ...others]: readonly Segment[], done: () => void): void {
  if (first === undefined) done();
  else first.close(() => closeAll(others, done));
}

const succeeded = { ok: true, value: undefined } as const;
const fileMode = 0o600;
