// Whole files, replaced in one step: whoever reads one sees the old text or the new, never half of it. Texts
// are Latin-1, one character a byte, so that what is not ours comes back as it was, whatever its encoding.

import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The text of a file; undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Puts `text` in the place of a file, whose owner and mode stay; a link stays a link. `approve` sees the new
 * file under its temporary name first, and when it rejects the old file stays. Rejects if anything fails.
 */
export async function replaceFile(
  path: string,
  text: string,
  approve: (temporary: string) => Promise<void> = async () => {},
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  try {
    await writeDurably(temporary, text);
    await takeOverMode(target, temporary);
    await approve(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o644);
  try {
    await file.writeFile(text, 'latin1');
    await file.sync(); // or a crash after the renaming could leave an empty file
  } finally {
    await file.close();
  }
}

async function takeOverMode(from: string, to: string): Promise<void> {
  const old = await stat(from).catch(() => undefined);
  if (old === undefined) return;
  const fresh = await stat(to);
  if (old.uid !== fresh.uid || old.gid !== fresh.gid) await chown(to, old.uid, old.gid);
  await chmod(to, old.mode & 0o7777);
}
