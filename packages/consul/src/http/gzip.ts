// Packed answers, for whoever takes them: most Go programs do. Upstream: NYTimes/gziphandler, any length.

import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';

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

/** What a packed answer says. */
export const packed = ['Content-Encoding', 'gzip'] as const;

const packLong = promisify<string | Uint8Array, Buffer>(gzip);
const shortBytes = 2_048;
const smallWindow = { windowBits: 11, memLevel: 4 };
