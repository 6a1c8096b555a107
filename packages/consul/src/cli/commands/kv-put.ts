// `consul kv put`: writes a key, maybe under conditions.

import { decodeBase64, decodeText } from '@reeve/bytes';
import { CommandFailure, orFail, type Ui } from '@reeve/cli';
import type { ConsulClient } from '../../api/client.ts';
import { flagsArgument, putKey } from '../../api/key-values.ts';
import { consulCommand } from '../consul-command.ts';
import { connect, namespaceFlags } from '../http-flags.ts';
import { loadArgument } from '../input.ts';

/** The command. */
export const kvPutCommand = consulCommand({
  usage: 'consul kv put [options] key [data]',
  about: [
    'Writes a value. Data that begin with @ name a file; a dash stands for what comes in; without data the',
    'value is empty.',
  ].join(' '),
  flags: {
    acquire: { kind: 'bool', help: 'Take the lock on the key for -session; the key is made if need be.' },
    base64: { kind: 'bool', help: 'The data are in base64.' },
    cas: { kind: 'bool', help: 'Write only if the key was last changed at -modify-index.' },
    flags: { kind: 'uint', help: 'A number to keep with the value, for the use of clients.' },
    'modify-index': { kind: 'uint', help: 'The index for -cas.' },
    release: { kind: 'bool', help: 'Give up the lock that -session has on the key.' },
    session: { kind: 'string', placeholder: 'id', help: 'The session for -acquire and -release.' },
    ...namespaceFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    const [key, data = ''] = args;
    if (key === undefined) throw new CommandFailure('Error! Missing KEY argument');
    if (args.length > 2)
      throw new CommandFailure(`Error! Too many arguments (expected 1 or 2, got ${args.length})`);
    const loaded = await loadArgument(data).catch((error: Error) => {
      throw new CommandFailure(`Error! ${error.message}`);
    });
    const value = values.base64 ? decodeOrEmpty(ui, loaded) : loaded;
    if ((values.release || values.acquire) && values.session === '')
      throw new CommandFailure('Error! Missing -session (required with -acquire and -release)');
    if (values.cas && values['modify-index'] === 0n)
      throw new CommandFailure('Must specify -modify-index with -cas!');
    const { done, failed, refused, query } = kindOfWrite(key, values);
    const flags = flagsArgument(values.flags);
    const client: ConsulClient = connect(call);
    const isDone = await orFail(failed, putKey(client, key, value, { ...query, flags }));
    if (!isDone && refused !== undefined) throw new CommandFailure(refused);
    ui.info(`Success! ${done}: ${key}`);
    return 0;
  },
});

interface KindOfWrite {
  readonly query: Readonly<Record<string, string>>;
  readonly done: string;
  readonly failed: string;
  /** What is said if the agent says no; it cannot to a plain write. */
  readonly refused?: string;
}

function kindOfWrite(
  key: string,
  values: { cas: boolean; acquire: boolean; release: boolean; session: string; 'modify-index': bigint },
): KindOfWrite {
  const failed = 'Error! Failed writing data';
  const done = 'Data written to';
  if (values.cas) {
    const what = `Error! Did not write to ${key}`;
    return {
      query: { cas: String(values['modify-index']) },
      done,
      failed: what,
      refused: `${what}: CAS failed`,
    };
  }
  if (values.acquire) {
    const refused = 'Error! Did not acquire lock';
    return { query: { acquire: values.session }, done: 'Lock acquired on', failed, refused };
  }
  if (values.release) {
    const refused = 'Error! Did not release lock';
    return { query: { release: values.session }, done: 'Lock released on', failed, refused };
  }
  return { query: {}, done, failed };
}

/** What is no base64 is told, and an empty value written: as in the original, on which scripts may count. */
function decodeOrEmpty(ui: Ui, data: Uint8Array): Uint8Array {
  try {
    return decodeBase64(decodeText(data));
  } catch (error) {
    ui.error(`Error! Cannot base 64 decode data: ${(error as Error).message}`);
    return new Uint8Array(0);
  }
}
