// gzip, with the complaints that Go's reader has of what is none.

import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveError } from './archive-error.ts';

/** The content of a gzip stream, at most so many bytes. @throws ArchiveError */
export async function* decompress(
  compressed: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip();
  pipeline(Readable.from(withGzipHeader(compressed)), gunzip, () => {}); // its errors come out of gunzip
  let bytes = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > bytesMax) throw new ArchiveError(`${readFailed}: larger than ${bytesMax} bytes`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ArchiveError(`${readFailed}: ${gzipErrors.get(`${code} ${message}`) ?? message}`);
  }
}

/** Passes everything on, once the first bytes are those of gzip. */
async function* withGzipHeader(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start = Buffer.alloc(0);
  let isChecked = false;
  try {
    for await (const piece of compressed) {
      if (isChecked) yield piece;
      else start = Buffer.concat([start, piece]);
      if (isChecked || start.length < gzipHeaderBytes) continue;
      if (start.readUIntBE(0, 3) !== gzipMagic) throw notGzip('gzip: invalid header');
      isChecked = true;
      yield start;
    }
  } catch (error) {
    throw isChecked || error instanceof ArchiveError ? error : notGzip((error as Error).message);
  }
  if (!isChecked) throw notGzip(start.length === 0 ? 'EOF' : 'unexpected EOF');
}

function notGzip(what: string): ArchiveError {
  return new ArchiveError(`failed to decompress snapshot: ${what}`);
}

const readFailed = 'failed to read snapshot file: failed reading snapshot';
const gzipHeaderBytes = 10;
/** And the only method of compression that there is. */
const gzipMagic = 0x1f8b08;
const gzipErrors = new Map([
  ['Z_BUF_ERROR unexpected end of file', 'unexpected EOF'],
  ['Z_DATA_ERROR incorrect data check', 'gzip: invalid checksum'],
  ['Z_DATA_ERROR incorrect length check', 'gzip: invalid checksum'],
  ['Z_DATA_ERROR incorrect header check', 'gzip: invalid header'],
]);
