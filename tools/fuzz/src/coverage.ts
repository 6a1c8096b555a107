// Which code inputs have reached, block by block, as V8 itself counts it.
//
// V8 tells what ran since it was last asked, as nested ranges of source text with counts, and joins
// neighbours of equal count: ranges are not the same from one answer to the next. So we paint each answer
// onto the characters of the script, and remember where a range ever began: there begins a block, and it was
// reached if that character ever ran.
// Only our packages count: not the tests that call them, not the platform.
// Counting starts with `new BlockCoverage()`; code that was compiled before is counted as whole functions.
// https://chromedevtools.github.io/devtools-protocol/v8/Profiler/

import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** What was reached, by script: for each character whether it ran (1) or not (0). */
export type Reached = ReadonlyMap<string, Uint8Array>;

/** Asks V8, and keeps in mind what all inputs together have reached. */
export class BlockCoverage {
  readonly #session = new Session();
  /** By script, for each character: whether a block begins there, and whether it ever ran. */
  readonly #known = new Map<string, Uint8Array>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran since the last time. */
  take(): Reached {
    const reached = new Map<string, Uint8Array>();
    // A session within its own thread answers before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      for (const script of result) {
        if (!isOurs(script.url)) continue;
        const known = this.#charactersOf(script.url);
        const marks = new Uint8Array(known.length);
        for (const { ranges } of script.functions) {
          paint(marks, ranges);
          for (const { startOffset } of ranges) known[startOffset] = (known[startOffset] ?? 0) | begins;
        }
        reached.set(script.url, marks);
      }
    });
    return reached;
  }

  /** The beginnings of blocks that were not reached before; undefined when there are none. */
  newIn(reached: Reached): Reached | undefined {
    const fresh = new Map<string, Uint8Array>();
    for (const [url, marks] of reached) {
      const known = this.#charactersOf(url);
      const isNew = (at: number) => marks[at] === ran && known[at] === begins;
      if (someBelow(marks.length, isNew))
        fresh.set(
          url,
          marks.map((_, at) => (isNew(at) ? ran : 0)),
        );
    }
    return fresh.size > 0 ? fresh : undefined;
  }

  /** Keeps in mind that this was reached. */
  add(reached: Reached): void {
    for (const [url, marks] of reached) {
      const known = this.#charactersOf(url);
      for (const [at, mark] of marks.entries()) known[at] = (known[at] ?? 0) | mark;
    }
  }

  /** How many blocks were reached so far. */
  get blocks(): number {
    let blocks = 0;
    for (const known of this.#known.values()) for (const mark of known) if (mark === (ran | begins)) blocks++;
    return blocks;
  }

  /** Lets the code run as fast as before. */
  stop(): void {
    this.#session.disconnect();
  }

  #charactersOf(url: string): Uint8Array {
    const known = this.#known.get(url) ?? new Uint8Array(readFileSync(fileURLToPath(url), 'utf8').length + 1);
    this.#known.set(url, known);
    return known;
  }
}

/** Whether all of `part` was reached. */
export function includes(reached: Reached, part: Reached): boolean {
  return [...part].every(([url, marks]) => {
    const others = reached.get(url) ?? nothing;
    return !someBelow(marks.length, (at) => marks[at] === ran && others[at] !== ran);
  });
}

// For every character of every batch: a plain loop, and no array in between.
function someBelow(end: number, holds: (at: number) => boolean): boolean {
  for (let at = 0; at < end; at++) if (holds(at)) return true;
  return false;
}

// Outer ranges come first, and what is inside them knows better.
function paint(marks: Uint8Array, ranges: readonly Profiler.CoverageRange[]): void {
  for (const { startOffset, endOffset, count } of ranges)
    marks.fill(count > 0 ? ran : 0, startOffset, endOffset);
}

function isOurs(url: string): boolean {
  return /\/packages\/[^/]+\/dist\//.test(url);
}

/** The character was part of code that ran. */
const ran = 1;
/** A block begins at the character. */
const begins = 2;
const nothing = new Uint8Array(0);
