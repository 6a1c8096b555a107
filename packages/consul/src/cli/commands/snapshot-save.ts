// `consul snapshot save`: writes the state of the servers to a file, once it is known to be whole.

import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CommandFailure, orFail, quote } from '@reeve/cli';
import { openError, systemErrorText } from '../../api/system-error.ts';
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
      await pipeline(body, createWriteStream(unverified, { flush: true })).catch((error: Error) => {
        throw new CommandFailure(`Error writing unverified snapshot file: ${openError(unverified, error)}`);
      });
      await orFail('Error verifying snapshot file', verifySnapshot(createReadStream(unverified)));
      await rename(unverified, file).catch((error: Error) => {
        const reason = systemErrorText(error);
        throw new CommandFailure(`Error renaming ${quote(unverified)} to ${quote(file)}: ${reason}`);
      });
    } finally {
      await rm(unverified, { force: true });
    }
    call.ui.info(`Saved and verified snapshot to index ${index}`);
    return 0;
  },
});
