// The log as files: a new one when the last one is full or old enough, with the time of its creation in its
// name; what is too many goes before. Upstream: logging/logfile.go, whose order this is: files are removed
// before one is opened, so one more stays than is wanted.

import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { openError } from '@reeve/runtime';

/** Where the log goes, and when another file is begun. */
export interface LogFileOptions {
  /** `log_file`: a file, or with a `/` at its end a directory. */
  readonly path: string;
  /** 0: of any size. */
  readonly bytesMax: number;
  readonly durationMs: number;
  /** How many older ones stay; 0: all; less: none. */
  readonly filesMax: number;
  /** Since 1970, with fractions; never goes back. */
  readonly now: () => number;
}

/** The file that is written to, and its predecessors. */
export class LogFile {
  readonly #options: LogFileOptions;
  readonly #folder: string;
  readonly #stem: string;
  readonly #extension: string;
  /** Undefined while none can be begun: a number that is closed may be another's file by now. */
  #file: number | undefined;
  #openedMs = 0;
  #bytes = 0;

  /** Begins a file. @throws Error in the original's words */
  constructor(options: LogFileOptions) {
    this.#options = options;
    const { path } = options;
    const name = path.endsWith('/') ? 'consul.log' : basename(path);
    this.#folder = path.endsWith('/') ? path : dirname(path);
    this.#extension = extname(name) || '.log';
    this.#stem = name.slice(0, name.length - extname(name).length);
    this.#file = this.#open();
  }

  /** Adds a line, in another file if it is time. What cannot be written is lost, as upstream. */
  readonly write = (line: string): void => {
    const { bytesMax, durationMs, now } = this.#options;
    try {
      const isFull = bytesMax > 0 && this.#bytes >= bytesMax;
      if (isFull || now() - this.#openedMs >= durationMs) this.#close();
      this.#file ??= this.#openNext();
      this.#bytes += writeSync(this.#file, `${line}\n`);
    } catch {
      // a log has nobody else to tell
    }
  };

  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeSync(file);
  }

  #openNext(): number {
    this.#removeOld();
    return this.#open();
  }

  #open(): number {
    const atMs = this.#options.now();
    const nanoseconds = BigInt(Math.floor(atMs * 1000)) * 1000n;
    const path = join(this.#folder, `${this.#stem}-${nanoseconds}${this.#extension}`);
    this.#openedMs = atMs;
    this.#bytes = 0;
    try {
      return openSync(path, 'w', 0o640);
    } catch (error) {
      throw new Error(`Failed to setup logging: ${openError(path, error)}`, { cause: error });
    }
  }

  #removeOld(): void {
    const { filesMax } = this.#options;
    if (filesMax === 0) return;
    const files = readdirSync(this.#folder)
      .filter((name) => name.startsWith(`${this.#stem}-`) && name.endsWith(this.#extension))
      .sort();
    for (const name of files.slice(0, Math.max(0, files.length - Math.max(0, filesMax)))) {
      rmSync(join(this.#folder, name));
    }
  }
}
