// `consul kv export`: prints keys and values as JSON, for `consul kv import`.

import { encodeBase64 } from '@reeve/bytes';
import { CommandFailure, compactJson, indentJson, orFail } from '@reeve/cli';
import { listKeyValues } from '../../api/key-values.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags, staleArgument } from '../http-flags.ts';
import { withoutSlash } from '../key-argument.ts';

/** The command. */
export const kvExportCommand = consulCommand({
  usage: 'consul kv export [options] [prefix]',
  about: 'Prints all keys that begin with the prefix, with their values in base64, as JSON.',
  flags: namespaceFlags,
  async run(call) {
    const { args, ui, values } = call;
    if (args.length > 1) throw new CommandFailure(`Too many arguments (expected 1, got ${args.length})`);
    const reading = { query: { stale: staleArgument(values) } };
    const listed = listKeyValues(connect(call), withoutSlash(args[0] ?? ''), reading);
    const { found } = await orFail('Error querying Consul agent', listed);
    const entries = (found ?? []).map(({ key, flags, value }) => ({
      key,
      flags,
      value: value === null ? '' : encodeBase64(value),
    }));
    ui.info(indentJson(compactJson(entries), '\t'));
    return 0;
  },
});
