// The frames of yamux: a header of twelve bytes, and after a data frame its payload.
// Upstream: hashicorp/yamux const.go and spec.md. Next: session.ts, which gives them meaning.

import { DecodeError } from '@reeve/bytes';

/** What a frame is; on the wire its place in `frameTypes`. */
export type FrameType = (typeof frameTypes)[number];

/** One header. */
export interface FrameHeader {
  readonly type: FrameType;
  /** A set of `flag…` bits. */
  readonly flags: number;
  /** 0 for the session itself. */
  readonly streamId: number;
  /** Payload bytes of `data`; otherwise a window's growth, a ping's number, a reason to go away. */
  readonly length: number;
}

/** All types in the order of the wire's numbers. */
const frameTypes = ['data', 'window-update', 'ping', 'go-away'] as const;

/** Begins a stream, or asks for an answer to a ping. */
export const flagSyn = 1;
/** Accepts a stream, or answers a ping. */
export const flagAck = 2;
/** The sender will send no more on this stream. */
export const flagFin = 4;
/** The stream is gone at once, in both directions. */
export const flagRst = 8;

/** Bytes of a header. */
export const headerBytes = 12;

/** A header and its payload. */
export function encodeFrame(header: FrameHeader, payload: Uint8Array = noPayload): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint8(1, frameTypes.indexOf(header.type));
  view.setUint16(2, header.flags);
  view.setUint32(4, header.streamId);
  view.setUint32(8, header.length);
  frame.set(payload, headerBytes);
  return frame;
}

/** The header at the start of `bytes`, of which there are at least `headerBytes`; else a `DecodeError`. */
export function decodeHeader(bytes: Uint8Array): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const version = view.getUint8(0);
  if (version !== 0) throw new DecodeError('malformed', `yamux version ${version}; we speak 0`);
  const type = frameTypes[view.getUint8(1)];
  if (type === undefined) throw new DecodeError('malformed', `yamux frame type ${view.getUint8(1)}`);
  return { type, flags: view.getUint16(2), streamId: view.getUint32(4), length: view.getUint32(8) };
}

const noPayload = new Uint8Array(0);
