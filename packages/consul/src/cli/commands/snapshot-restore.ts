// `consul snapshot restore`: replaces the state of the servers by a saved one.

import { orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags } from '../http-flags.ts';
import { openSnapshot, snapshotFileArgument } from '../snapshot-file.ts';

/** The command. */
export const snapshotRestoreCommand = consulCommand({
  usage: 'consul snapshot restore [options] file',
  about: 'Replaces the whole state of the servers by what a file has, on all of them.',
  flags: serverFlags,
  async run(call) {
    const file = snapshotFileArgument(call.args);
    const client = connect(call);
    const body = await openSnapshot(file);
    await orFail('Error restoring snapshot', client.ok('PUT', '/v1/snapshot', { body }));
    call.ui.info('Restored snapshot');
    return 0;
  },
});
