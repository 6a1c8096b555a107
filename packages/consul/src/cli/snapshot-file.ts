// The files of `consul snapshot`.

import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CommandFailure } from '@reeve/cli';
import { openError } from '@reeve/runtime';
import { type ArchiveMetadata, readArchive } from '../snapshot-archive/index.ts';

/** The only argument. @throws CommandFailure */
export function snapshotFileArgument(args: readonly string[]): string {
  const [file] = args;
  if (file === undefined) throw new CommandFailure('Missing FILE argument');
  if (args.length > 1) throw new CommandFailure(`Too many arguments (expected 1, got ${args.length})`);
  return file;
}

/** A snapshot that is there to be read. @throws CommandFailure */
export async function openSnapshot(file: string): Promise<Readable> {
  try {
    return Readable.from(piecesOf(file, await open(file)));
  } catch (error) {
    throw new CommandFailure(`Error opening snapshot file: ${openError(file, error)}`, { cause: error });
  }
}

async function* piecesOf(file: string, handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    yield* handle.createReadStream() as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new Error(openError(file, error, 'read'), { cause: error });
  }
}

/** What an archive says of itself, if it is whole. @throws ArchiveError */
export function verifySnapshot(archive: AsyncIterable<Uint8Array>): Promise<ArchiveMetadata> {
  return readArchive(archive, { onState: () => {}, stateBytesMax });
}

/** It is not kept in memory, so this only ends what never would. */
const stateBytesMax = 2 ** 40;
