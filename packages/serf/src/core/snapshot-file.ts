// Gets a snapshot's lines to the disk: buffered, one operation at a time.
// Upstream: snapshot.go (tryAppend, appendLine, compact).
// Whenever the file cannot be added to – too large, writing failed, the disk is too slow – it is replaced by
// a compacted one, which makes everything that waits unnecessary; after a failure every 30 s at most.
// Upstream makes a compacted file executable (0755); here the mode stays.

import { concatBytes, encodeText } from '@reeve/bytes';
import type { AppendFile, DiskError, Result, Runtime } from '@reeve/runtime';

/** What a snapshot file is made with. */
export interface SnapshotFileOptions {
  readonly path: string;
  readonly mode: number;
  /** How large the file is. */
  readonly sizeBytes: number;
  /** How large it may become before it is compacted. */
  readonly bytesMax: () => number;
  /** What a compacted file would hold now. */
  readonly compacted: () => string;
}

/** A file that grows by lines and is compacted now and then. */
export class SnapshotFile {
  readonly #options: SnapshotFileOptions;
  readonly #runtime: Runtime;
  #file: AppendFile;
  #sizeBytes: number;
  // Bounded by waitingBytesMax: with more the file is compacted instead.
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  /** What is to be done next, in this order, once nothing is being done. */
  #mustCompact = false;
  #mustFlush = false;
  #mustSync = false;
  #onClosed: (() => void) | undefined;
  #isBusy = false;

  /** Lines were lost; only a compaction helps. */
  #isBroken = false;
  #recoveryTriedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SnapshotFileOptions, file: AppendFile, runtime: Runtime) {
    this.#options = options;
    this.#runtime = runtime;
    this.#file = file;
    this.#sizeBytes = options.sizeBytes;
  }

  /** Adds a line, written with the next `flush`. */
  append(line: string): void {
    const bytes = encodeText(line);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > waitingBytesMax)
      this.#takeWaiting(); // the compacted file will say it all
    else if (!this.#isBroken && !this.#isTooLarge()) return;
    if (!this.#isBroken) this.compact();
    else if (!this.#isBusy) this.#recover();
  }

  /** Writes what waits. */
  flush(): void {
    this.#mustFlush = this.#waiting.length > 0;
    this.#next();
  }

  /** Writes what waits and makes it safe from a power cut. */
  sync(): void {
    this.#mustFlush = this.#waiting.length > 0;
    this.#mustSync = true;
    this.#next();
  }

  /** Replaces the file by a compacted one. */
  compact(): void {
    this.#mustCompact = true;
    this.#next();
  }

  /** Finishes what is to be done; nothing may be added after this. */
  close(done: () => void): void {
    this.#onClosed = done;
    this.#next();
  }

  #isTooLarge(): boolean {
    return this.#sizeBytes + this.#waitingBytes > this.#options.bytesMax();
  }

  #next(): void {
    if (this.#isBusy) return;
    if (this.#mustCompact) this.#doCompact();
    else if (this.#mustFlush && !this.#isBroken) this.#doFlush();
    else if (this.#mustSync && !this.#isBroken) this.#doSync();
    else if (this.#onClosed) this.#doClose(this.#onClosed);
  }

  #doFlush(): void {
    this.#mustFlush = false;
    const bytes = this.#takeWaiting();
    const finish = this.#begin('serf.snapshot.appendLine', (error) => this.#onBroken(error));
    this.#file.append(bytes, (result) => {
      if (result.ok) this.#sizeBytes += bytes.length;
      finish(result);
    });
  }

  #doSync(): void {
    this.#mustSync = false;
    this.#file.sync(
      this.#begin(undefined, (error) => this.#log('err', `failed to sync snapshot: ${error.message}`)),
    );
  }

  #doCompact(): void {
    this.#mustCompact = false;
    this.#takeWaiting();
    const bytes = encodeText(this.#options.compacted());
    const { path, mode } = this.#options;
    const finish = this.#begin('serf.snapshot.compact', (error) => this.#onBroken(error));
    this.#runtime.disk.replace(path, bytes, mode, (replaced) => {
      if (!replaced.ok) return finish(replaced);
      this.#runtime.disk.openAppend(path, mode, (opened) => {
        if (opened.ok) this.#onCompacted(opened.value, bytes.length);
        finish(opened);
      });
    });
  }

  #doClose(done: () => void): void {
    this.#onClosed = undefined;
    this.#isBusy = true; // for good
    this.#file.close(() => done());
  }

  #onCompacted(file: AppendFile, sizeBytes: number): void {
    this.#file.close(() => {}); // the old one; its name is gone
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    if (this.#isBroken) this.#log('info', 'Finished compaction, successfully recovered from error state');
    this.#isBroken = false;
  }

  #onBroken(error: DiskError): void {
    if (this.#isBroken) {
      this.#log(
        'err',
        `Compaction failed, will reattempt after ${recoveryIntervalMs / 1_000}s: ${error.message}`,
      );
      return;
    }
    this.#isBroken = true;
    this.#log('err', `Failed to update snapshot: ${error.message}`);
    this.#recover();
  }

  #recover(): void {
    this.#takeWaiting();
    const now = this.#runtime.clock.now();
    if (now - this.#recoveryTriedAtMs <= recoveryIntervalMs) return;
    this.#recoveryTriedAtMs = now;
    this.#log('info', 'Attempting compaction to recover from error...');
    this.compact();
  }

  /** Marks an operation as begun; the returned function ends it, measures it and goes on with the next. */
  #begin(metric: string | undefined, onError: (error: DiskError) => void) {
    const begunAtMs = this.#runtime.clock.now();
    this.#isBusy = true;
    return (result: Result<unknown, DiskError>): void => {
      this.#isBusy = false;
      if (metric) this.#runtime.metrics.sample(metric, this.#runtime.clock.now() - begunAtMs);
      if (!result.ok) onError(result.error);
      this.#next();
    };
  }

  #takeWaiting(): Uint8Array {
    const bytes = concatBytes(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return bytes;
  }

  #log(level: 'info' | 'err', text: string): void {
    this.#runtime.log(level, `serf: ${text}`);
  }
}

const waitingBytesMax = 1024 * 1024;
const recoveryIntervalMs = 30_000;
