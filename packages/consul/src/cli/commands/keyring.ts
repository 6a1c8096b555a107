// `consul keyring`: lists and changes the keys that encrypt gossip, on all nodes at once.

import { CommandFailure, compactJson, compareText, orFail, type Ui } from '@reeve/cli';
import type { ConsulClient } from '../../api/client.ts';
import type { Query } from '../../api/go-url.ts';
import { type KeyringPool, keyringPools } from '../../api/records/operator.ts';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const keyringCommand = consulCommand({
  usage: 'consul keyring [options]',
  about:
    'Lists the keys that encrypt gossip, or installs, uses or removes one, on all nodes of all datacenters.',
  flags: {
    install: {
      kind: 'string',
      placeholder: 'key',
      help: 'Install a key, so that messages can be read with it.',
    },
    list: { kind: 'bool', help: 'List all keys.' },
    'list-primary': { kind: 'bool', help: 'List the keys that messages are written with.' },
    'local-only': { kind: 'bool', help: 'With -list: ask only the datacenter of the agent.' },
    'relay-factor': { kind: 'int', help: 'Send answers through so many other nodes too, at most 5.' },
    remove: { kind: 'string', placeholder: 'key', help: 'Remove a key that is not in use.' },
    use: {
      kind: 'string',
      placeholder: 'key',
      help: 'Write messages with this key, which has to be installed.',
    },
    ...agentFlags,
  },
  prefixes: { info: '==> ' },
  async run(call) {
    const { ui, values } = call;
    const { list, install, use, remove, 'list-primary': listPrimary, 'relay-factor': relays } = values;
    const actions = [list, listPrimary, install !== '', use !== '', remove !== ''].filter(Boolean).length;
    if (actions === 0) throw new CommandFailure(call.help);
    if (actions > 1) throw new CommandFailure('Only a single action is allowed');
    if (relays < 0 || relays > relaysMax)
      throw new CommandFailure('Error parsing relay factor: Relay factor must be in range: [0, 5]');
    if (values['local-only'] && !list)
      throw new CommandFailure('Error validating local-only: local-only can only be set for list requests');
    const client = connect(call);
    const query = { 'relay-factor': relays === 0 ? undefined : String(relays) };
    if (list || listPrimary) {
      ui.info(`Gathering installed ${list ? '' : 'primary '}encryption keys...`);
      const local = { 'local-only': values['local-only'] ? 'true' : undefined };
      const asked = client.get('/v1/operator/keyring', keyringPools, { ...query, ...local });
      for (const pool of (await orFail('error', asked)) ?? [])
        ui.output(formatPool(pool, list ? pool.keys : pool.primaryKeys));
      return 0;
    }
    if (install !== '') return change(client, ui, query, { ...changes.install, key: install });
    if (use !== '') return change(client, ui, query, { ...changes.use, key: use });
    return change(client, ui, query, { ...changes.remove, key: remove });
  },
});

async function change(
  client: ConsulClient,
  ui: Ui,
  query: Query,
  { method, doing, key }: { method: string; doing: string; key: string },
): Promise<number> {
  ui.info(`${doing} gossip encryption key...`);
  const body = `${compactJson({ Key: key })}\n`;
  await orFail('error', client.ok(method, '/v1/operator/keyring', { query, body }));
  return 0;
}

function formatPool(pool: KeyringPool, keys: ReadonlyMap<string, number> | null): string {
  const name = pool.isWan ? 'WAN' : `${pool.datacenter} (LAN)`;
  const segment = pool.segment === '' ? '' : ` [${pool.segment}]`;
  const messages = sorted(pool.messages).map(([from, message]) => `  ===> ${from}: ${message}`);
  const counts = sorted(keys).map(([key, nodes]) => `  ${key} [${nodes}/${pool.nodes}]`);
  return ['', `${name}${segment}:`, ...messages, ...counts].join('\n');
}

function sorted<T>(entries: ReadonlyMap<string, T> | null): (readonly [string, T])[] {
  return [...(entries ?? [])].sort(([a], [b]) => compareText(a, b));
}

const changes = {
  install: { method: 'POST', doing: 'Installing new' },
  use: { method: 'PUT', doing: 'Changing primary' },
  remove: { method: 'DELETE', doing: 'Removing' },
} as const;
const relaysMax = 5;
