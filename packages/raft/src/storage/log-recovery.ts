// Opens the log in a directory: reads its segments, oldest first, and refuses what is not as it was left.
//
// Nothing is changed before the first write; then remains of a write that was cut off are blanked. Segments
// whose removal a crash has undone, so that there is a gap before the others, go at once.

import { DecodeError } from '@reeve/bytes';
import type { Disk, RandomAccessFile, Result } from '@reeve/runtime';
import { RaftError } from '../core/index.ts';
import { FileLogStore, type LogLayout, segmentPath } from './file-log-store.ts';
import { LogIndex } from './log-index.ts';
import type { LogStore } from './log-store.ts';
import { ReadAhead } from './read-ahead.ts';
import { damagedLog, Segment } from './segment.ts';
import { readSegment, type SegmentContent } from './segment-content.ts';

/** What may be said besides. */
export interface FileLogOptions {
  readonly layout?: LogLayout;
  /** Called when the store is closed, before who closed it is told. */
  readonly onClosed?: () => void;
}

/**
 * Opens the log in a directory, which must be there and be used by nobody else. Fails with a `storage` error
 * when it is damaged, or was written by an older version.
 */
export function openFileLog(
  disk: Disk,
  directory: string,
  done: (result: Result<LogStore>) => void,
  options: FileLogOptions = {},
): void {
  disk.list(directory, (names) => {
    if (!names.ok) return done({ ok: false, error: damagedLog(directory, names.error.message, names.error) });
    if (names.value.includes(oldName)) return done({ ok: false, error: oldLog(directory) });
    new Recovery(disk, directory, options, done).run(names.value);
  });
}

class Recovery {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #options: FileLogOptions;
  readonly #done: (result: Result<LogStore>) => void;
  readonly #index = new LogIndex();
  readonly #readAhead = new ReadAhead();
  #isSealed = false;

  constructor(
    disk: Disk,
    directory: string,
    options: FileLogOptions,
    done: (result: Result<LogStore>) => void,
  ) {
    this.#disk = disk;
    this.#directory = directory;
    this.#options = options;
    this.#done = done;
  }

  run(names: readonly string[]): void {
    const numbers = names
      .filter((name) => segmentName.test(name))
      .map((name) => Number(name.slice(prefixLength)));
    numbers.sort((a, b) => a - b);
    const last = numbers.at(-1) ?? 0;
    const behindGap = numbers.filter((number, at) => last - number === numbers.length - 1 - at);
    const unfinished = names.filter((name) => unfinishedName.test(name));
    const leftOver = numbers.filter((number) => !behindGap.includes(number)).map((number) => `log-${number}`);
    this.#readNext(behindGap, () => this.#finish([...unfinished, ...leftOver]));
  }

  #readNext([number, ...others]: readonly number[], then: () => void): void {
    if (number === undefined) return then();
    const path = segmentPath(this.#directory, number);
    this.#disk.read(path, fileBytesMax, (read) => {
      if (!read.ok) return this.#fail(path, read.error.message, read.error);
      this.#disk.openRandomAccess(path, (opened) => {
        if (!opened.ok) return this.#fail(path, opened.error.message, opened.error);
        if (this.#takeUp(path, number, read.value, opened.value)) this.#readNext(others, then);
      });
    });
  }

  #takeUp(path: string, number: number, bytes: Uint8Array, file: RandomAccessFile): boolean {
    let content: SegmentContent;
    try {
      content = readSegment(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      file.close(() => this.#fail(path, error.message, error));
      return false;
    }
    const isNext = this.#index.number === 0 || content.frames[0]?.number === this.#index.number + 1;
    const segment = new Segment({ number, path, file }, content, this.#readAhead);
    this.#index.addSegment(segment, content.frames);
    this.#isSealed = content.isSealed;
    if (!isNext) this.#fail(path, 'writes before it are missing');
    return isNext;
  }

  #finish(leftOver: readonly string[]): void {
    const { newest, segments } = this.#index;
    if (this.#isSealed && newest !== undefined)
      return this.#fail(segmentPath(this.#directory, newest.number + 1), 'it is missing');
    if (!this.#index.isWhole) return this.#fail(segments[0]?.path ?? '', 'entries before it are missing');
    this.#remove(leftOver, () => {
      const { layout = defaultLayout, onClosed = () => {} } = this.#options;
      const [disk, directory] = [this.#disk, this.#directory];
      const parts = { disk, directory, layout, index: this.#index, readAhead: this.#readAhead, onClosed };
      this.#done({ ok: true, value: new FileLogStore(parts) });
    });
  }

  #remove([name, ...others]: readonly string[], then: () => void): void {
    if (name === undefined) return then();
    this.#disk.remove(`${this.#directory}/${name}`, (removed) => {
      if (removed.ok) this.#remove(others, then);
      else this.#fail(`${this.#directory}/${name}`, removed.error.message, removed.error);
    });
  }

  /** Nothing stays open. */
  #fail(path: string, what: string, cause?: unknown): void {
    const closeNext = ([segment, ...others]: readonly Segment[]): void => {
      if (segment !== undefined) return segment.close(() => closeNext(others));
      this.#done({ ok: false, error: damagedLog(path, what, cause) });
    };
    closeNext(this.#index.segments);
  }
}

function oldLog(directory: string): RaftError {
  const text =
    `${directory}/${oldName}: this is the log of an older version of this program, which this one cannot ` +
    `read. If the other servers have a leader, remove ${directory} and start again: they send everything; ` +
    'if not, start the older version, save a snapshot, remove the directory, and restore the snapshot here';
  return new RaftError('storage', text);
}

/** A small server has one segment of a megabyte; of what is not needed any more 16 MiB are kept at most. */
const defaultLayout: LogLayout = { segmentBytes: 16 << 20, roomBytes: 1 << 20 };
const oldName = 'log.mdb';
const segmentName = /^log-[1-9]\d{0,14}$/;
const prefixLength = 'log-'.length;
/** What `replace` was writing when the process ended. */
const unfinishedName = /^log-\d+\.[0-9a-f]+\.new$/;
const fileBytesMax = 2 ** 31;
