// What a segment's file holds, and whether it may: frames one behind the other, then blank words, which say
// "not written yet".
//
// A frame is written only where the disk is known to be blank, one at a time, and the next one only when it
// is durable. So of a last frame that was cut off by a crash (and never acknowledged) any sectors may be
// missing; these are blank, and nothing follows. Anything else has been damaged after it was acknowledged,
// and is refused: a frame that cannot be read and has no blank sector, one that others follow, and a file
// that ends where blank words must be. A disk writes a sector as a whole or not at all; SQLite and etcd rely
// on that, too. Next: segment.ts.

import { DecodeError } from '@reeve/bytes';
import { type Frame, readFrame, readFrameHead, unitBytes } from './frame.ts';

/** A segment's file, understood. */
export interface SegmentContent {
  readonly frames: readonly Frame[];
  /** Where the next frame goes. */
  readonly end: number;
  /** Up to here lie remains of a frame that was cut off; `end` if there are none. */
  readonly remainsEnd: number;
  /** Up to here the file is blank, behind what remains. */
  readonly blankEnd: number;
  /** There is a later segment, or was. */
  readonly isSealed: boolean;
}

/** Reads a file. @throws DecodeError with what is wrong, as in "it is cut off". */
export function readSegment(file: Uint8Array): SegmentContent {
  const frames: Frame[] = [];
  let end = 0;
  for (let head = readFrameHead(file, end); head !== undefined; head = readFrameHead(file, end)) {
    const frame = readFrame(file, head);
    if (frame === undefined) break;
    if (frame.number !== (frames.at(-1)?.number ?? frame.number - 1) + 1) throw damaged('a write is missing');
    frames.push(frame);
    end += frame.bytes;
  }
  const last = frames.at(-1);
  if (last === undefined) throw damaged('it does not begin as a log does');
  const isSealed = hasWord(file, end, seal);
  const remainsEnd = isSealed ? end : remainsEndOf(file, end);
  if (remainsEnd > end) requireTorn(file, end, remainsEnd);
  const blankFrom = remainsEnd + (isSealed ? wordBytes : 0);
  let blankEnd = blankFrom;
  while (hasWord(file, blankEnd, blank)) blankEnd += wordBytes;
  if (blankEnd === end) throw damaged('it is cut off');
  return { frames, end, remainsEnd, blankEnd, isSealed };
}

/** So many bytes that say "not written yet", whole words. Not to be changed: they are kept. */
export function blankBytes(bytes: number): Uint8Array {
  if (bytes <= keptBlank.length) return keptBlank.subarray(0, bytes);
  const made = new Uint8Array(new BigUint64Array(bytes / wordBytes).fill(blankNumber).buffer);
  if (bytes <= keptBytesMax) keptBlank = made;
  return made;
}

/** Where the last word ends that is not blank; zeros are what a crash leaves of blank words on their way. */
function remainsEndOf(file: Uint8Array, end: number): number {
  let at = file.length - (file.length % wordBytes);
  while (at > end && (hasWord(file, at - wordBytes, blank) || hasWord(file, at - wordBytes, zeros)))
    at -= wordBytes;
  return at;
}

/** Throws unless what lies there may be a frame that was cut off. */
function requireTorn(file: Uint8Array, end: number, remainsEnd: number): void {
  const head = readFrameHead(file, end);
  const frameEnd = end + (head?.bytes ?? unitBytes);
  if (frameEnd > file.length) throw damaged('it is cut off');
  const isFollowed = head === undefined ? hasFrameBehind(file, end, remainsEnd) : remainsEnd > frameEnd;
  if (isFollowed || !hasBlankSector(file, end, frameEnd)) throw damaged(`a checksum is wrong at byte ${end}`);
}

function hasFrameBehind(file: Uint8Array, end: number, remainsEnd: number): boolean {
  for (let at = end + unitBytes; at < remainsEnd; at += unitBytes) {
    if (readFrameHead(file, at) !== undefined) return true;
  }
  return false;
}

/** Whether a sector, or as much of it as lies between the two, was never written. */
function hasBlankSector(file: Uint8Array, from: number, to: number): boolean {
  for (let at = from, next = from; at < to; at = next) {
    next = Math.min(at - (at % sectorBytes) + sectorBytes, to);
    let word = at;
    while (word < next && hasWord(file, word, blank)) word += wordBytes;
    if (word === next) return true;
  }
  return false;
}

function hasWord(file: Uint8Array, at: number, word: Uint8Array): boolean {
  if (at + wordBytes > file.length) return false;
  for (let i = 0; i < wordBytes; i++) if (file[at + i] !== word[i]) return false;
  return true;
}

function damaged(what: string): DecodeError {
  return new DecodeError('malformed', what);
}

/** Of what is not written yet. */
export const wordBytes = 8;
/** `not yet` and a line feed, which no frame begins with: whoever looks at the file sees what it means. */
const blank = new Uint8Array([0x6e, 0x6f, 0x74, 0x20, 0x79, 0x65, 0x74, 0x0a]);
const blankNumber = new BigUint64Array(blank.buffer)[0] as bigint;
/** What is written once for each megabyte of the log: one that died each time would wait for a collection. */
let keptBlank: Uint8Array = new Uint8Array(0);
const keptBytesMax = 1 << 20;
const zeros = new Uint8Array(wordBytes);
/** `sealed!` and a line feed. */
export const seal = new Uint8Array([0x73, 0x65, 0x61, 0x6c, 0x65, 0x64, 0x21, 0x0a]);
const sectorBytes = 512;
