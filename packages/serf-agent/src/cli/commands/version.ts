// `serf version`: the version of Serf that we are compatible with, or our own.

import { type Command, formatHelp } from '@reeve/cli';
import { reeveVersion, serfProtocol, serfVersion } from '../version.ts';

/**
 * The command. Like the original's it minds no words behind its name, so `serf members -v` can end up here.
 */
export const versionCommand: Command = {
  help: formatHelp({
    usage: 'serf version [-reeve]',
    about:
      'Prints the version of Serf that this program stands in for, and the range of protocols it speaks.',
    flags: { reeve: { kind: 'bool', help: 'Print the versions of Reeve and of Node.js instead.' } },
  }),
  async run(argv, { stdout }) {
    if (argv.some((word) => word === '-reeve' || word === '--reeve')) {
      stdout.write(`Reeve v${reeveVersion}\nNode.js ${process.version}\n`);
      return 0;
    }
    const { max, min } = serfProtocol;
    stdout.write(`${serfVersion}\nAgent Protocol: ${max} (Understands back to: ${min})\n`);
    return 0;
  },
};
