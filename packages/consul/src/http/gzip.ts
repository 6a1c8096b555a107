// Packed answers, for whoever takes them: most Go programs do. Upstream: NYTimes/gziphandler, any length.

import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip, gzipSync } from 'node:zlib';

/** Whether `Accept-Encoding` names gzip, and not with a weight of 0. */
export function takesGzip(accepted: string | undefined): boolean {
  if (accepted === undefined) return false;
  if (accepted === 'gzip') return true;
  return accepted.split(',').some((part) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(part));
}

/** The packed bytes. Short texts are packed at once, with as little memory as they need. */
export async function pack(body: string | Uint8Array): Promise<Uint8Array> {
  return body.length <= shortBytes ? gzipSync(body, smallWindow) : packLong(body);
}

/** The same of what comes in pieces. Whoever reads no further ends those, too. */
export function packPieces(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const packing = createGzip({ chunkSize: packedPieceBytes });
  pipeline(Readable.from(pieces), packing, () => {}); // who reads hears what went wrong
  return packing;
}

/** What a packed answer says. */
export const packed = ['Content-Encoding', 'gzip'] as const;

const packLong = promisify<string | Uint8Array, Buffer>(gzip);
const shortBytes = 2_048;
const packedPieceBytes = 65_536;
const smallWindow = { windowBits: 11, memLevel: 4 };
