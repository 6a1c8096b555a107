// `consul kv delete`: deletes a key, or all that begin like this.

import { CommandFailure, orFail } from '@reeve/cli';
import { deleteKey } from '../../api/key-values.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { withoutSlash } from '../key-argument.ts';

/** The command. */
export const kvDeleteCommand = consulCommand({
  usage: 'consul kv delete [options] key or prefix',
  about: 'Deletes a key. That there is none is no failure.',
  flags: {
    cas: { kind: 'bool', help: 'Delete only if the key was last changed at -modify-index.' },
    'modify-index': { kind: 'uint', help: 'The index for -cas.' },
    recurse: { kind: 'bool', help: 'Delete all keys that begin with the prefix.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    const { cas, recurse, 'modify-index': index } = values;
    if (args.length > 1) throw new CommandFailure(`Too many arguments (expected 1, got ${args.length})`);
    const key = withoutSlash(args[0] ?? '');
    if (key === '' && !recurse) throw new CommandFailure('Error! Missing KEY argument');
    if (cas && index === 0n) throw new CommandFailure('Must specify -modify-index with -cas!');
    if (!cas && index !== 0n) throw new CommandFailure('Cannot specify -modify-index without -cas!');
    if (recurse && cas) throw new CommandFailure('Cannot specify both -cas and -recurse!');
    const client = connect(call);
    if (recurse) {
      await orFail(`Error! Did not delete prefix ${key}`, deleteKey(client, key, { recurse: '' }));
      ui.info(`Success! Deleted keys with prefix: ${key}`);
      return 0;
    }
    const query = { cas: cas ? String(index) : undefined };
    const failed = cas ? `Error! Did not delete key ${key}` : `Error deleting key ${key}`;
    const isDeleted = await orFail(failed, deleteKey(client, key, query));
    if (cas && !isDeleted) throw new CommandFailure(`${failed}: CAS failed`);
    ui.info(`Success! Deleted key: ${key}`);
    return 0;
  },
});
