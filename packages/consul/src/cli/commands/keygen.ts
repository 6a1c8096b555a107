// `consul keygen`: makes an encryption key.

import { randomBytes } from 'node:crypto';
import { consulCommand } from '../consul-command.ts';

/** The command. */
export const keygenCommand = consulCommand({
  usage: 'consul keygen',
  about: 'Prints a new random key for gossip, ready to be given to an agent or to `consul keyring -install`.',
  flags: {},
  async run({ ui }) {
    ui.output(randomBytes(keyBytes).toString('base64'));
    return 0;
  },
});

/** AES-256. */
const keyBytes = 32;
