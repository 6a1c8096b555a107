// `consul catalog datacenters`: lists the datacenters that are known.

import { CommandFailure, orFail } from '@reeve/cli';
import { textList } from '../../json/fields.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, serverFlags } from '../http-flags.ts';

/** The command. */
export const catalogDatacentersCommand = consulCommand({
  usage: 'consul catalog datacenters [options]',
  about: 'Lists all datacenters that are known, the nearest first.',
  flags: serverFlags,
  async run(call) {
    const { args, ui } = call;
    if (args.length > 0) throw new CommandFailure(`Too many arguments (expected 0, got ${args.length})`);
    const asked = connect(call).get('/v1/catalog/datacenters', textList);
    for (const name of (await orFail('Error listing datacenters', asked)) ?? []) ui.info(name);
    return 0;
  },
});
