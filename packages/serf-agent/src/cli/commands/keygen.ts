// `serf keygen`: makes an encryption key.

import { randomBytes } from 'node:crypto';
import { defineCommand } from '@reeve/cli';

/** The command. */
export const keygenCommand = defineCommand({
  usage: 'serf keygen',
  about: 'Prints a new random encryption key, ready to be given to an agent or to `serf keys -install`.',
  flags: {},
  ignoresFlags: true,
  async run({ ui }) {
    ui.output(randomBytes(keyBytes).toString('base64'));
    return 0;
  },
});

/** AES-256. */
const keyBytes = 32;
