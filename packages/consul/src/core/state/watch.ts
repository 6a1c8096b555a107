// What an answer depends on. Every query is given a watch, or null if nobody will wait, and notes in it the
// parts of the state that it has read; a blocking query then waits for them (watchers.ts).

import { byteKey } from './keys.ts';
import { topics } from './topics.ts';

/** The parts of the state that one answer was made from. */
export class Watch {
  // Both bounded by partsMax; whole tables, which may be added always, are few.
  readonly topics = new Set<string>();
  #prefixes: Set<string> | undefined;

  /** Prefixes of keys, as byteKey makes them. */
  get prefixes(): ReadonlySet<string> {
    return this.#prefixes ?? none;
  }

  /** The answer depends on a part; where there are too many parts, on all of what they are parts of. */
  add(topic: string, whole: string = topic): void {
    this.topics.add(this.topics.size < partsMax ? topic : whole);
  }

  /** The answer depends on all keys with this prefix. */
  addPrefix(prefix: string): void {
    if (prefix === '') this.topics.add(topics.keyValues);
    else {
      this.#prefixes ??= new Set();
      this.#prefixes.add(byteKey(prefix));
    }
  }
}

/** As many parts as upstream watches for one query. */
const partsMax = 8192;
const none: ReadonlySet<string> = new Set();
