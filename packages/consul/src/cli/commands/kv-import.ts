// `consul kv import`: writes what `consul kv export` has printed.

import { decodeBase64 } from '@reeve/bytes';
import { CommandFailure, orFail, parseWholeJson } from '@reeve/cli';
import { flagsArgument, putKey } from '../../api/key-values.ts';
import { exactUint64, list, readJson, struct, text } from '../../json/decode.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { loadArgument } from '../input.ts';

/** The command. */
export const kvImportCommand = consulCommand({
  usage: 'consul kv import [options] data',
  about: 'Writes keys from JSON. Data that begin with @ name a file; a dash stands for what comes in.',
  flags: namespaceFlags,
  async run(call) {
    const { args, ui } = call;
    const [data] = args;
    if (data === undefined) throw new CommandFailure('Error! Missing DATA argument');
    if (args.length > 1)
      throw new CommandFailure(`Error! Too many arguments (expected 1, got ${args.length})`);
    if (data === '') throw new CommandFailure('Error! Empty DATA argument');
    const loaded = await loadArgument(data).catch((error: Error) => {
      throw new CommandFailure(`Error! ${error.message}`);
    });
    const client = connect(call);
    for (const { key, flags, value, namespace } of parseEntries(loaded)) {
      const bytes = decodeValue(key, value);
      const query = { flags: flagsArgument(flags), ...(namespace === '' ? {} : { ns: namespace }) };
      await orFail(`Error! Failed writing data for key ${key}`, putKey(client, key, bytes, query));
      ui.info(`Imported: ${key}`);
    }
    return 0;
  },
});

interface Entry {
  readonly key: string;
  readonly flags: bigint;
  readonly value: string;
  readonly namespace: string;
}

function parseEntries(data: Uint8Array): readonly Entry[] {
  try {
    return readJson(parseWholeJson(data, 'exact'), entries) ?? [];
  } catch (error) {
    throw new CommandFailure(`Cannot unmarshal data: ${(error as Error).message}`, { cause: error });
  }
}

function decodeValue(key: string, value: string): Uint8Array {
  try {
    return decodeBase64(value);
  } catch (error) {
    const reason = (error as Error).message;
    throw new CommandFailure(`Error base 64 decoding value for key ${key}: ${reason}`, { cause: error });
  }
}

const entries = list(
  struct<Entry>('impexp.Entry', {
    key: ['key', text],
    flags: ['flags', exactUint64],
    value: ['value', text],
    namespace: ['namespace', text],
  }),
  '*impexp.Entry',
);
