// `consul snapshot save`: writes the state of the servers to a file, once it is known to be whole.

import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CommandFailure, orFail, quote } from '@reeve/cli';
import { openError, systemErrorText } from '@reeve/runtime';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags, staleArgument } from '../http-flags.ts';
import { snapshotFileArgument, verifySnapshot } from '../snapshot-file.ts';

/** The command. */
export const snapshotSaveCommand = consulCommand({
  usage: 'consul snapshot save [options] file',
  about: 'Saves the state of the servers: keys, catalog, sessions, access control. The file holds secrets.',
  flags: serverFlags,
  async run(call) {
    const file = snapshotFileArgument(call.args);
    const query = { stale: staleArgument(call.values) };
    const streamed = connect(call).stream('GET', '/v1/snapshot', { query });
    const { body, index } = await orFail('Error saving snapshot', streamed);
    const unverified = `${file}.unverified`;
    try {
      await pipeline(body, createWriteStream(unverified, { flush: true, mode: 0o600 })).catch(
        (error: Error) => {
          throw new CommandFailure(`Error writing unverified snapshot file: ${openError(unverified, error)}`);
        },
      );
      await orFail('Error verifying snapshot file', verifySnapshot(createReadStream(unverified)));
      await rename(unverified, file).catch((error: Error) => {
        const reason = renameError(unverified, file, error);
        throw new CommandFailure(`Error renaming ${quote(unverified)} to ${quote(file)}: ${reason}`);
      });
    } finally {
      await rm(unverified, { force: true });
    }
    call.ui.info(`Saved and verified snapshot to index ${index}`);
    return 0;
  },
});

/** Go looks at what is in the way before it tries: a directory is told of as there. */
function renameError(from: string, to: string, error: unknown): string {
  const isDirectory = statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  return `rename ${from} ${to}: ${isDirectory ? 'file exists' : systemErrorText(error)}`;
}
