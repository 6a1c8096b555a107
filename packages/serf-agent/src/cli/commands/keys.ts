// `serf keys`: changes and lists the encryption keys of the whole cluster.

import { type CommandCall, defineCommand, formatColumns, type Ui } from '@reeve/cli';
import type { KeyResult, RpcClient } from '../../rpc/client.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';

const flags = {
  install: {
    kind: 'string',
    placeholder: 'key',
    help: 'Give all members one more key, to decrypt with. They go on encrypting with the primary.',
  },
  use: {
    kind: 'string',
    placeholder: 'key',
    help: 'Make an installed key the primary. Members that lack it can no longer follow.',
  },
  remove: { kind: 'string', placeholder: 'key', help: 'Take a key from all members; not the primary.' },
  list: { kind: 'bool', help: 'Print every key in use and how many members have it.' },
  ...rpcFlags,
} as const;

/** The command. */
export const keysCommand = defineCommand({
  usage: 'serf keys [options]',
  about: [
    'Changes or lists the keys that the members of the cluster encrypt their traffic with. Members may',
    'have several keys: all of them decrypt, the primary encrypts. To change over to a new key, install',
    'it, use it, then remove the old one; each step may be repeated.\n\nFails (exit code 1) if any member',
    'does not answer or reports an error.',
  ].join(' '),
  flags,
  prefixes: { info: '==> ' },
  async run(call) {
    const { list, install, use, remove } = call.values;
    const chosen = [list, install !== '', use !== '', remove !== ''].filter((isChosen) => isChosen).length;
    if (chosen > 1) {
      call.ui.error('Only one of -install, -use, -remove, or -list allowed');
      return 1;
    }
    if (chosen === 0) {
      call.ui.error(call.help);
      return 1;
    }
    return talkToAgent(call, (client) => (list ? listKeys(client, call.ui) : changeKey(client, call)));
  },
});

async function listKeys(client: RpcClient, ui: Ui): Promise<number> {
  ui.info('Asking all members for installed keys...');
  const result = await client.listKeys();
  if (result.error !== '') return fail(ui, result, 'Failed to gather member keys');
  ui.info('Keys gathered, listing cluster keys...');
  ui.output('');
  const lines = [...(result.keys ?? [])].map(([key, nodes]) => `${key} | [${nodes}/${result.numNodes}]`);
  ui.output(formatColumns(lines));
  return 0;
}

async function changeKey(client: RpcClient, { ui, values }: CommandCall<typeof flags>): Promise<number> {
  const change = keyChanges.find(({ flag }) => values[flag] !== '');
  if (change === undefined) return 1;
  ui.info(change.begin);
  const result = await client.changeKey(change.command, values[change.flag]);
  if (result.error !== '') return fail(ui, result, change.error);
  ui.info(change.success);
  return 0;
}

function fail(ui: Ui, { messages, error }: KeyResult, what: string): number {
  const lines = [...messages].map(([node, message]) => `failed: | ${node} | ${message}`);
  if (lines.length > 0) ui.error(formatColumns(lines));
  ui.error('');
  ui.error(`${what}: ${error}`);
  return 1;
}

const keyChanges = [
  {
    flag: 'install',
    command: 'install-key',
    begin: 'Installing key on all members...',
    success: 'Successfully installed key!',
    error: 'Error installing key',
  },
  {
    flag: 'use',
    command: 'use-key',
    begin: 'Changing primary key on all members...',
    success: 'Successfully changed primary key!',
    error: 'Error changing primary key',
  },
  {
    flag: 'remove',
    command: 'remove-key',
    begin: 'Removing key on all members...',
    success: 'Successfully removed key!',
    error: 'Error removing key',
  },
] as const;
