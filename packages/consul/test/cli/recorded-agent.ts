// An agent that answers as the recorded one did. Captures of commands have the status of each answer but not
// its body; what it was follows from what the command printed.

import { readFileSync } from 'node:fs';
import { type CapturedCall, type CapturedCommand, readCommand } from '@reeve/golden';

/** What is sent back. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly index: string;
}

/** The answer to one call of a captured command. */
export function recordedAnswer(name: string, command: CapturedCommand, call: CapturedCall): RecordedAnswer {
  const [, told] = /Unexpected response code: (\d+)/.exec(command.stderr) ?? [];
  const status = call.status ?? Number(told ?? 200);
  const index = /index (\d+)/.exec(command.stdout)?.[1] ?? '7';
  if (status !== 200) {
    const body = /Unexpected response code: \d+ \((.*)\)\n/s.exec(command.stderr)?.[1] ?? '';
    return { status, body, index };
  }
  return { status, body: successBody(name, command, call), index };
}

function successBody(
  name: string,
  command: CapturedCommand,
  { method, target }: CapturedCall,
): string | Uint8Array {
  const path = target.replace(/\?.*$/s, '');
  if (path === '/v1/snapshot') return method === 'GET' ? readFileSync('out.snap') : '';
  if (path.startsWith('/v1/event/fire/')) return json({ ID: /Event ID: (.*)\n/.exec(command.stdout)?.[1] });
  if (method !== 'GET') return String(!/CAS failed|Did not/.test(command.stderr));
  if (name.startsWith('cli/watch/') && path !== '/v1/agent/self') return watched(name, command);
  if (path.startsWith('/v1/kv/')) return storedKeys(name, command, path.slice('/v1/kv/'.length));
  return json(answersByPath[path]?.(name, command) ?? null);
}

/** What is printed for people is what the agent sent, but for what Go's client adds. */
function watched(name: string, { stdout }: CapturedCommand): string {
  if (name === 'cli/watch/key-once') return `[${stdout}]`;
  const value = JSON.parse(stdout) as object;
  return JSON.stringify(value, (key, item) => (key === 'Definition' ? {} : item));
}

function storedKeys(name: string, { stdout, argv }: CapturedCommand, key: string): string {
  if (argv.includes('-keys')) return json(stdout.trimEnd().split('\n'));
  const locked = { ...entry('cli/lk', '', 0, 661), ModifyIndex: 664, LockIndex: 1 };
  const stored = [
    entry('cli/a', 'hello', 0, 335),
    entry('cli/b', 'from stdin', 0, 336),
    entry('cli/c', 'x', 42, 338),
    { ...entry('cli/d', '', 0, 339), ModifyIndex: 340 },
    entry('cli/empty', '', 0, 337),
  ];
  if (name === 'cli/kv/get-detailed-locked') return json([locked]);
  return json(stored.filter((stands) => stands.Key === key || key.endsWith('/')));
}

function entry(key: string, value: string, flags: number, index: number) {
  const bytes = Buffer.from(value).toString('base64');
  return {
    LockIndex: 0,
    Key: key,
    Flags: flags,
    Value: value === '' ? null : bytes,
    CreateIndex: index,
    ModifyIndex: index,
  };
}

const answersByPath: Readonly<Record<string, (name: string, command: CapturedCommand) => unknown>> = {
  '/v1/agent/members': (name) => memberRows(name).toReversed(), // the command sorts
  '/v1/agent/self': (_, { stdout }) => ({
    Config: { NodeName: 'dev1', Datacenter: 'dc1' },
    Stats: statsOf(stdout),
  }),
  '/v1/agent/checks': (name) => (name === 'cli/maint/none' ? {} : maintenanceChecks(name)),
  '/v1/catalog/datacenters': () => ['dc1'],
  '/v1/catalog/nodes': (name) => (name === 'cli/catalog/nodes-near' ? [farNode] : [devNode]),
  '/v1/catalog/service/nosuch': () => [],
  '/v1/catalog/service/web': () => [],
  '/v1/catalog/node/dev1': () => ({ Node: devNode, Services: { x: { Service: 'consul', Tags: [] } } }),
  '/v1/catalog/services': () => {
    const rows = tableRows(readCommand('cli/catalog/services-tags').stdout);
    return Object.fromEntries(rows.toReversed().map(([service = '', tags = '']) => [service, tagsOf(tags)]));
  },
  '/v1/operator/raft/configuration': (_, { stdout }) => ({
    Servers: tableRows(stdout)
      .slice(1)
      .map(([node, id, address, state, voter, protocol]) => ({
        ID: id,
        Node: node,
        Address: address,
        Leader: state === 'leader',
        Voter: voter === 'true',
        ProtocolVersion: protocol,
      })),
  }),
  '/v1/operator/autopilot/configuration': () => ({
    ...JSON.parse(readCommand('cli/operator/autopilot-set').calls[1]?.body ?? ''),
    MaxTrailingLogs: 251,
  }),
  '/v1/operator/keyring': (_, { stdout }) => keyringPools(stdout),
  '/v1/coordinate/nodes': () => [
    coordinate('dev1', 1e-5),
    coordinate('s1', 1.79e-4),
    coordinate('c1', 1.79e-4),
  ],
  '/v1/coordinate/datacenters': () => [
    { Datacenter: 'dc1', AreaID: 'wan', Coordinates: [coordinate('dev1', 1e-5)] },
  ],
};

/** Members with the tags that the detailed list of the same agent shows. */
function memberRows(name: string): unknown[] {
  const detailed = name.startsWith('cli/cluster/') ? 'cli/cluster/members-detailed' : 'cli/members-detailed';
  const rows = tableRows(readCommand(detailed).stdout).slice(1);
  return rows.map(([node = '', address = '', , tags = '']) => {
    const [addr = '', port] = address.split(':');
    const pairs = tags.split(',').map((tag) => tag.split('='));
    const isWan = name === 'cli/members-wan';
    return {
      Name: isWan ? `${node}.dc1` : node,
      Addr: addr,
      Port: isWan ? 8302 : Number(port),
      Tags: Object.fromEntries(pairs.filter(([key]) => key !== 'segment')),
      Status: 1,
    };
  });
}

function statsOf(stdout: string): Record<string, Record<string, string>> {
  if (!stdout.startsWith('agent:')) return {};
  const stats: Record<string, Record<string, string>> = {};
  let section = '';
  for (const line of stdout.trimEnd().split('\n')) {
    const [, key, value] = /^\t(\S+) = (.*)$/.exec(line) ?? [];
    if (key === undefined) section = line.slice(0, -1);
    else stats[section] = { [key]: value ?? '', ...stats[section] };
  }
  return stats;
}

function maintenanceChecks(name: string): Record<string, unknown> {
  const node = { CheckID: '_node_maintenance', Notes: 'kernel upgrade' };
  const service = { CheckID: '_service_maintenance:web1', ServiceID: 'web1', Notes: 'db' };
  const other = { other: { CheckID: 'other', Notes: 'no maintenance' } };
  return name === 'cli/maint/list2' ? { n: node, ...other } : { s: service, n: node, ...other };
}

function keyringPools(stdout: string): unknown[] {
  const keys = Object.fromEntries([...stdout.matchAll(/^ {2}(\S+) \[/gm)].map(([, key]) => [key, 1]));
  const pool = { Keys: keys, PrimaryKeys: keys, NumNodes: 1 };
  return [
    { WAN: true, Datacenter: 'dc1', ...pool },
    { WAN: false, Datacenter: 'dc1', ...pool },
  ];
}

function coordinate(node: string, height: number) {
  return { Node: node, Coord: { Vec: Array(8).fill(0), Error: 1.5, Adjustment: 0, Height: height } };
}

function tableRows(stdout: string): string[][] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}

function tagsOf(tags: string): string[] {
  return tags === '' ? [] : tags.split(',').toReversed();
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

const devNode = {
  ID: 'd0000000-0000-4000-8000-000000000001',
  Node: 'dev1',
  Address: '127.0.0.1',
  Datacenter: 'dc1',
  TaggedAddresses: { wan_ipv4: '127.0.0.1', wan: '127.0.0.1', lan: '127.0.0.1', lan_ipv4: '127.0.0.1' },
  Meta: { 'consul-network-segment': '' },
};
const farNode = {
  ID: '',
  Node: 'six',
  Address: 'fd00::6',
  Datacenter: 'dc1',
  TaggedAddresses: null,
  Meta: null,
};
