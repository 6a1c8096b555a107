// `consul version`: the version of Consul that we are compatible with, or our own.

import { compactJson, indentJson } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { consulProtocol, consulVersion, reeveVersion } from '../version.ts';

/** The command. */
export const versionCommand = consulCommand({
  usage: 'consul version [options]',
  about:
    'Prints the version of Consul that this program stands in for, and the range of protocols it speaks.',
  flags: {
    format: { kind: 'string', default: 'pretty', help: 'How to print: "pretty" or "json".' },
    reeve: { kind: 'bool', help: 'Print the versions of Reeve and of Node.js instead.' },
  },
  async run({ ui, values }) {
    if (values.reeve) {
      ui.output(`Reeve v${reeveVersion}\nNode.js ${process.version}`);
      return 0;
    }
    if (values.format === 'json') ui.output(indentJson(compactJson(versionJson), '   '));
    else if (values.format === 'pretty') ui.output(prettyVersion);
    else {
      ui.error(`Unknown format: ${values.format}`);
      return 1;
    }
    return 0;
  },
});

const { spoken, min, max } = consulProtocol;
const versionJson = {
  Version: consulVersion,
  Revision: '',
  Prerelease: '',
  RPC: { Default: spoken, Min: min, Max: max },
};
const newerSpoken = `agent will automatically use protocol >${spoken} when speaking to compatible agents`;
const prettyVersion = `Consul v${consulVersion}
Protocol ${spoken} spoken by default, understands ${min} to ${max} (${newerSpoken})
`;
