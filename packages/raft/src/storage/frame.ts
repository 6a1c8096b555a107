// One write of the log as bytes. A frame says by itself what the log is after it: which entries count, term
// and vote; so removing is writing, and a segment can begin with a frame that stands for all before it.
//
//    0  mark                         16  number of the write, one more than the one before
//    4  checksum of the head         24  first index of the log
//    8  place in the file            32  index of the first entry here: nothing older there or behind counts
//   12  how many records follow      40  how many bytes they take
//   44  records, each with its length, checksum and bytes: term and vote, then the entries; then zeros
//
// Numbers are big-endian. The place is there so that bytes of a log inside an entry are never taken for a
// frame. Frames begin at multiples of 64, so a head lies in one sector: it is there or it is not. Next:
// segment-content.ts.

import { crc32, DecodeError, gossipDialect, MsgpackReader, MsgpackWriter } from '@reeve/bytes';
import { type HardState, hardStateCodec, type LogEntry, logEntryCodec } from '../core/index.ts';

/** What the log is after a write, besides the entries written. */
export interface LogBounds {
  readonly hardState: HardState;
  readonly firstIndex: number;
  /** Where the write's entries begin; without any, where the next ones will. */
  readonly nextIndex: number;
}

/** A frame in a file. */
export interface Frame extends LogBounds {
  /** Of the write; from 1 on. */
  readonly number: number;
  readonly position: number;
  /** With the zeros at its end. */
  readonly bytes: number;
  /** Where the bytes of each entry begin and how many they are: two numbers an entry. */
  readonly spans: readonly number[];
}

/** A frame that has yet to be told where it goes. */
export function encodeFrame(bounds: LogBounds, entries: readonly LogEntry[]): UnplacedFrame {
  const writer = new MsgpackWriter(gossipDialect);
  const froms: number[] = [];
  const begin = (): void => {
    writer.raw(recordHeadRoom);
    froms.push(writer.length);
  };
  writer.raw(headRoom);
  begin();
  hardStateCodec.encode(writer, bounds.hardState);
  for (const entry of entries) {
    begin();
    logEntryCodec.encode(writer, entry);
  }
  const recordsEnd = writer.length;
  writer.raw(padding.subarray(0, wholeUnits(recordsEnd) - recordsEnd));
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  view.setUint32(0, mark);
  view.setUint32(12, froms.length);
  setUint64(view, 24, bounds.firstIndex);
  setUint64(view, 32, bounds.nextIndex);
  view.setUint32(40, recordsEnd - headBytes);
  const spans: number[] = [];
  for (const [record, from] of froms.entries()) {
    const end = (froms[record + 1] ?? recordsEnd + recordHeadBytes) - recordHeadBytes;
    view.setUint32(from - recordHeadBytes, end - from);
    view.setUint32(from - checksumBytes, crc32(bytes.subarray(from, end)));
    if (record > 0) spans.push(from, end - from);
  }
  return new UnplacedFrame(bounds, bytes, spans);
}

/** The bytes of a frame, which are good only when they have a place and a number. */
export class UnplacedFrame {
  readonly bytes: Uint8Array;
  readonly #bounds: LogBounds;
  readonly #spans: readonly number[];

  constructor(bounds: LogBounds, bytes: Uint8Array, spans: readonly number[]) {
    this.bytes = bytes;
    this.#bounds = bounds;
    this.#spans = spans;
  }

  /** Makes the bytes good. */
  place(position: number, number: number): Frame {
    const view = new DataView(this.bytes.buffer);
    view.setUint32(8, position);
    setUint64(view, 16, number);
    view.setUint32(4, crc32(this.bytes.subarray(8, headBytes)));
    const spans = this.#spans.map((number, i) => (i % 2 === 0 ? position + number : number));
    const { hardState, firstIndex, nextIndex } = this.#bounds;
    return { hardState, firstIndex, nextIndex, number, position, bytes: this.bytes.length, spans };
  }
}

/** What the head of a frame says of it. */
export interface FrameHead extends Omit<Frame, 'hardState' | 'spans'> {
  readonly recordCount: number;
  readonly recordsEnd: number;
}

/**
 * The head of the frame that lies there in a file; undefined if none does. What follows it may be anything.
 * @throws DecodeError
 */
export function readFrameHead(file: Uint8Array, position: number): FrameHead | undefined {
  if (file.length - position < headBytes) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + position, headBytes);
  if (view.getUint32(0) !== mark || view.getUint32(8) !== position) return undefined;
  if (crc32(file.subarray(position + 8, position + headBytes)) !== view.getUint32(4)) return undefined;
  const recordsBytes = view.getUint32(40);
  return {
    position,
    number: getUint64(view, 16),
    firstIndex: getUint64(view, 24),
    nextIndex: getUint64(view, 32),
    recordCount: view.getUint32(12),
    recordsEnd: position + headBytes + recordsBytes,
    bytes: wholeUnits(headBytes + recordsBytes),
  };
}

/**
 * The whole frame; undefined if what follows the head is not as it was written.
 * @throws DecodeError
 */
export function readFrame(file: Uint8Array, head: FrameHead): Frame | undefined {
  const { position, bytes, number, firstIndex, nextIndex, recordsEnd } = head;
  if (position + bytes > file.length) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const spans: number[] = [];
  let at = position + headBytes;
  while (recordsEnd - at >= recordHeadBytes) {
    const length = view.getUint32(at);
    const from = at + recordHeadBytes;
    at = from + length;
    if (at > recordsEnd || crc32(file.subarray(from, at)) !== view.getUint32(from - checksumBytes))
      return undefined;
    spans.push(from, length);
  }
  const isWhole = at === recordsEnd && spans.length === 2 * head.recordCount;
  const padding = file.subarray(recordsEnd, position + bytes);
  const [stateAt, stateBytes] = spans;
  if (!isWhole || padding.some((byte) => byte !== 0) || stateAt === undefined || stateBytes === undefined)
    return undefined;
  const hardState = hardStateCodec.decode(new MsgpackReader(file.subarray(stateAt, stateAt + stateBytes)));
  return { position, bytes, number, firstIndex, nextIndex, hardState, spans: spans.slice(2) };
}

/** An entry's checksum and bytes, as they are before and in its span, read; undefined if they do not fit. */
export function readEntry(record: Uint8Array): LogEntry | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const body = record.subarray(checksumBytes);
  return view.getUint32(0) === crc32(body) ? logEntryCodec.decode(new MsgpackReader(body)) : undefined;
}

function wholeUnits(bytes: number): number {
  return Math.ceil(bytes / unitBytes) * unitBytes;
}

function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32));
  view.setUint32(at + 4, value % 2 ** 32);
}

function getUint64(view: DataView, at: number): number {
  const value = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  if (!Number.isSafeInteger(value)) throw new DecodeError('limit', `${value} is beyond 2^53`);
  return value;
}

/** Before the bytes of an entry. */
export const checksumBytes = 4;
/** What frames begin at multiples of: more than a head, and a part of each sector. */
export const unitBytes = 64;
const headBytes = 44;
const headRoom = new Uint8Array(headBytes);
const recordHeadBytes = 8;
const recordHeadRoom = new Uint8Array(recordHeadBytes);
const padding = new Uint8Array(unitBytes);
/** `\nlog`. */
const mark = 0x0a6c6f67;
