// A snapshot as a file for people to keep: a compressed tar of metadata, state and checksums. The state goes
// through in pieces and is never whole in memory. Upstream: snapshot/snapshot.go, archive.go.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { checksumFile, metadataFile, stateFile } from './archive-files.ts';
import { type ArchiveMetadata, formatMetadata } from './archive-metadata.ts';
import { formatChecksums } from './checksums.ts';

/**
 * The bytes of an archive.
 *
 * @param state exactly `metadata.stateBytes` bytes, in pieces of any size; the archive fails if it does, or
 * has another length.
 */
export function writeArchive(
  metadata: ArchiveMetadata,
  state: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Readable {
  const tar = pack();
  const archive = createGzip();
  pipeline(Readable.from(tar), archive, ignore); // an error destroys the archive, and its reader sees it
  tar.on('error', ignore);
  fill(tar, metadata, state).catch((error: Error) => tar.destroy(error));
  return archive;
}

async function fill(
  tar: Pack,
  metadata: ArchiveMetadata,
  state: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const metadataText = formatMetadata(metadata);
  const metadataSum = createHash('sha256').update(metadataText).digest('hex');
  tar.entry(header(metadataFile), metadataText);
  const stateSum = await writeStateFile(tar, metadata.stateBytes, state);
  const sums = new Map([
    [metadataFile, metadataSum],
    [stateFile, stateSum],
  ]);
  tar.entry(header(checksumFile), formatChecksums(sums));
  tar.finalize();
}

/** Resolves to the sum of the state once all of it is in the archive. */
async function writeStateFile(
  tar: Pack,
  stateBytes: number,
  state: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  const { file, ended } = beginFile(tar, { ...header(stateFile), size: stateBytes });
  for await (const piece of state) {
    hash.update(piece);
    if (!file.write(piece)) await Promise.race([once(file, 'drain'), ended]);
  }
  file.end(undefined);
  await ended;
  return hash.digest('hex');
}

/** A file in the tar, and when it is complete or has failed. */
function beginFile(tar: Pack, fileHeader: ReturnType<typeof header> & { readonly size: number }) {
  let settle: (error?: Error | null) => void = ignore;
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  ended.catch(ignore); // also where nobody waits any more: the archive has failed by then
  const file = tar.entry(fileHeader, (error) => settle(error));
  file.on('error', ignore);
  return { file, ended };
}

function header(name: string) {
  return { name, mode: 0o600, mtime: new Date() };
}

/** For errors that come out of the archive, too. */
function ignore(): void {}
