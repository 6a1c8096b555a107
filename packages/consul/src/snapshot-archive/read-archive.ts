// Reads the archive of a snapshot as it arrives. Nothing of it is to be believed before all was read: the
// sums come last. Every part has a bound, so a small archive that grows without end is refused in time.
// Upstream: snapshot/snapshot.go, archive.go.

import { pipeline, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { ArchiveContent, type ArchiveReader } from './archive-content.ts';
import type { ArchiveMetadata } from './archive-metadata.ts';
import { decompress } from './decompress.ts';

/**
 * Resolves when all of an archive was read and its sums are right.
 *
 * @throws ArchiveError for what is no archive, in the original's words
 */
export async function readArchive(
  archive: AsyncIterable<Uint8Array>,
  reader: ArchiveReader,
): Promise<ArchiveMetadata> {
  const content = new ArchiveContent(reader);
  const tar = extract();
  const decompressed = Readable.from(decompress(archive, reader.stateBytesMax + overheadBytesMax));
  pipeline(decompressed, tar as unknown as NodeJS.WritableStream, () => {}); // errors come out of tar
  for await (const entry of tar) {
    const { name } = entry.header;
    content.begin(name);
    for await (const piece of entry) await content.add(name, piece as Uint8Array);
  }
  return content.finish();
}

/** Headers, and the files beside the state. */
const overheadBytesMax = 4 * 1024 * 1024;
