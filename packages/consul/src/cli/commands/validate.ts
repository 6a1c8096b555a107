// `consul validate`: says whether an agent could start with a configuration.

import { CommandFailure, orFail } from '@reeve/cli';
import { createDisk } from '@reeve/runtime/node';
import { thisHost } from '../../config/host.ts';
import { loadConfig } from '../../config/load.ts';
import { consulCommand } from '../consul-command.ts';

/** The command. */
export const validateCommand = consulCommand({
  usage: 'consul validate [options] file or directory ...',
  about: 'Reads configuration files as an agent would, and says what is wrong with them, if anything is.',
  flags: {
    'config-format': {
      kind: 'string',
      placeholder: 'hcl|json',
      help: 'What all files are. Default: as their names end.',
    },
    quiet: { kind: 'bool', help: 'Say nothing if all is well.' },
  },
  async run({ args, ui, values }) {
    if (args.length === 0) throw new CommandFailure('Must specify at least one config file or directory');
    const format = values['config-format'];
    if (format !== '' && format !== 'json' && format !== 'hcl')
      throw new CommandFailure("-config-format must be either 'hcl' or 'json");
    const request = { paths: args, format: format || undefined } as const;
    const loaded = loadConfig(request, createDisk(), thisHost());
    const { warnings } = await orFail('Config validation failed', loaded);
    if (values.quiet) return 0;
    for (const warning of warnings) ui.error(warning);
    ui.output('Configuration is valid!');
    return 0;
  },
});
