// What is wrong with an archive, in the words of the original: clients see them in answers and on terminals.

/** An archive that cannot be read. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}
