// Snapshots as files: what `consul snapshot save` gets and `restore` sends.

export type { ArchiveReader } from './archive-content.ts';
export { ArchiveError } from './archive-error.ts';
export type { ArchiveMetadata } from './archive-metadata.ts';
export { readArchive } from './read-archive.ts';
export { writeArchive } from './write-archive.ts';
