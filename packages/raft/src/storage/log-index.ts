// Which entries of the log are in which segment, and what else counts: made of frames, of those found on the
// disk and of those written, in their order.

import type { HardState, LogEntry } from '../core/index.ts';
import type { Frame, LogBounds } from './frame.ts';
import type { Segment } from './segment.ts';

/** The log as it is on the disk. */
export class LogIndex {
  /** Oldest first; frames are added to the newest. */
  readonly #segments: Segment[] = [];
  #bounds: LogBounds = { hardState: { term: 0, votedFor: '' }, firstIndex: 1, nextIndex: 1 };
  #lastIndex = 0;
  #number = 0;

  /** Of the last write; 0 before the first. */
  get number(): number {
    return this.#number;
  }

  get hardState(): HardState {
    return this.#bounds.hardState;
  }

  get firstIndex(): number {
    return this.#bounds.firstIndex;
  }

  get lastIndex(): number {
    return this.#lastIndex;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get newest(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /** Adds a segment behind the others, with the frames that it has. */
  addSegment(segment: Segment, frames: readonly Frame[]): void {
    this.#segments.push(segment);
    for (const frame of frames) this.addFrame(segment, frame);
  }

  /** Takes up a frame that lies in the newest segment. */
  addFrame(newest: Segment, frame: Frame): void {
    // Behind a gap the log begins anew; in front of the oldest segment lies what nobody needs any more.
    const removedFrom = frame.nextIndex > this.#lastIndex + 1 ? 0 : frame.nextIndex;
    if (frame.nextIndex !== this.#lastIndex + 1)
      for (const segment of this.#segments) segment.removeFrom(removedFrom);
    newest.add(frame);
    this.#bounds = { hardState: frame.hardState, firstIndex: frame.firstIndex, nextIndex: frame.nextIndex };
    this.#number = frame.number;
    this.#lastIndex = frame.nextIndex - 1 + frame.spans.length / 2;
  }

  /** Whether everything is there between the first index and the last. */
  get isWhole(): boolean {
    return this.firstIndex > this.#lastIndex || this.#segmentOf(this.firstIndex) !== undefined;
  }

  /** @throws RaftError `storage` */
  read(index: number): LogEntry | undefined {
    if (index < this.firstIndex) return undefined;
    return this.#segmentOf(index)?.read(index);
  }

  /** Forgets the oldest segment if nothing in it counts, and says which it was. */
  takeOldest(): Segment | undefined {
    const [oldest] = this.#segments;
    if (oldest === undefined || oldest === this.newest) return undefined;
    return oldest.lastIndex < this.firstIndex || oldest.lastIndex < oldest.firstIndex
      ? this.#segments.shift()
      : undefined;
  }

  #segmentOf(index: number): Segment | undefined {
    return this.#segments.findLast(({ firstIndex, lastIndex }) => firstIndex <= index && index <= lastIndex);
  }
}
