// `consul snapshot inspect`: what a saved state says of itself. Asks no agent.

import { alignTabs, orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { openSnapshot, snapshotFileArgument, verifySnapshot } from '../snapshot-file.ts';

/** The command. */
export const snapshotInspectCommand = consulCommand({
  usage: 'consul snapshot inspect [options] file',
  about: 'Checks that a saved state is whole, and prints where in the log it was taken.',
  flags: {},
  async run(call) {
    const archive = await openSnapshot(snapshotFileArgument(call.args));
    const { id, stateBytes, index, term } = await orFail('Error verifying snapshot', verifySnapshot(archive));
    const lines = [`ID\t${id}`, `Size\t${stateBytes}`, `Index\t${index}`, `Term\t${term}`, `Version\t1`];
    call.ui.info(`${alignTabs(lines.join('\n'))}\n`);
    return 0;
  },
});
