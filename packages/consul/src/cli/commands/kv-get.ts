// `consul kv get`: prints a value, or keys, or both.

import { decodeText, encodeBase64 } from '@reeve/bytes';
import { alignTabs, orFail } from '@reeve/cli';
import { getKey, type KeyValue, listKeys, listKeyValues } from '../../api/key-values.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags, staleArgument } from '../http-flags.ts';
import { withoutSlash } from '../key-argument.ts';

/** The command. */
export const kvGetCommand = consulCommand({
  usage: 'consul kv get [options] [key or prefix]',
  about: 'Prints the value of a key; with -recurse or -keys, of all keys that begin like this.',
  flags: {
    base64: { kind: 'bool', help: 'Print values in base64.' },
    detailed: { kind: 'bool', help: 'Print all that is known of a key.' },
    keys: { kind: 'bool', help: 'Print only the names of keys.' },
    recurse: { kind: 'bool', help: 'Print all keys that begin with the prefix.' },
    separator: { kind: 'string', default: '/', help: 'With -keys: print names only up to this.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (args.length > 1) {
      ui.error(`Too many arguments (expected 1, got ${args.length})`);
      return 1;
    }
    const key = withoutSlash(args[0] ?? '');
    if (key === '' && !values.recurse && !values.keys) {
      ui.error('Error! Missing KEY argument');
      return 1;
    }
    const client = connect(call);
    const reading = { query: { stale: staleArgument(values) } };
    if (values.keys) {
      const { found } = await orFail(failed, listKeys(client, key, values.separator, reading));
      for (const name of found ?? []) ui.info(name);
      return 0;
    }
    if (values.recurse) {
      const { found } = await orFail(failed, listKeyValues(client, key, reading));
      const texts = (found ?? []).map((entry) =>
        values.detailed ? details(entry, values.base64) : `${entry.key}:${valueText(entry, values.base64)}`,
      );
      if (texts.length > 0) ui.info(texts.join(values.detailed ? '\n\n' : '\n'));
      return 0;
    }
    const { found } = await orFail(failed, getKey(client, key, reading));
    if (found === undefined) {
      ui.error(`Error! No key exists at: ${key}`);
      return 1;
    }
    ui.info(values.detailed ? details(found, values.base64) : valueText(found, values.base64));
    return 0;
  },
});

function details(entry: KeyValue, isBase64: boolean): string {
  const lines = [
    `CreateIndex\t${entry.createIndex}`,
    `Flags\t${entry.flags}`,
    `Key\t${entry.key}`,
    `LockIndex\t${entry.lockIndex}`,
    `ModifyIndex\t${entry.modifyIndex}`,
    `Session\t${entry.session || '-'}`,
    `Value\t${valueText(entry, isBase64)}`,
  ];
  // To Go an empty cell at the very end is none: "Value" stands alone.
  return alignTabs(lines.join('\n').replace(/\t$/, ''));
}

function valueText({ value }: KeyValue, isBase64: boolean): string {
  const bytes = value ?? new Uint8Array(0);
  return isBase64 ? encodeBase64(bytes) : decodeText(bytes);
}

const failed = 'Error querying Consul agent';
