// Every command with its flags, its filters and its errors, as arguments that can be run again and again: a
// command that changes something changes it to the same each time. Next: cli.test.ts, which runs them.

/** A command to run with both programs against one agent. */
export interface CliCase {
  readonly args: readonly [command: string, ...rest: string[]];
  /** Its lines come in any order. */
  readonly unordered?: boolean;
}

/**
 * Cases for an unencrypted cluster of `real`, `ours`, `recent` (alive) and `dead` (failed) with query
 * handlers `load`. `gossip` is an address that can be joined, `nobody` one where nobody listens.
 */
export function casesInTheClear(gossip: string, nobody: string): CliCase[] {
  return [
    ...members,
    ...events,
    ...queries,
    ...others,
    { args: ['join', gossip] },
    { args: ['join', '-replay', gossip] },
    { args: ['join', gossip, `real/${gossip}`] },
    { args: ['join', nobody] },
    { args: ['join', gossip, nobody] },
    { args: ['join', nobody, nobody] },
  ];
}

/** Cases for agents with a key; `key` is theirs, `other` is not installed. */
export function casesWithKeys(key: string, other: string): CliCase[] {
  return [
    { args: ['keys', '-list'], unordered: true },
    { args: ['keys', '-install', key] },
    { args: ['keys', '-use', key] },
    { args: ['keys', '-use', other], unordered: true },
    { args: ['keys', '-remove', other] },
    { args: ['keys', '-remove', key], unordered: true },
    { args: ['keys', '-install', 'no base64'] },
    { args: ['keys', '-install', 'c2hvcnQ='], unordered: true },
    { args: ['info'] },
  ];
}

const members: readonly CliCase[] = [
  { args: ['members'], unordered: true },
  { args: ['members', '-detailed'], unordered: true },
  { args: ['members', '-format=json'], unordered: true },
  { args: ['members', '-detailed', '-format', 'json'], unordered: true },
  { args: ['members', '-name=re.*'], unordered: true },
  { args: ['members', '-name=re'] },
  { args: ['members', '-name=real|ours'], unordered: true },
  { args: ['members', '-name=('] },
  { args: ['members', '-status=alive'], unordered: true },
  { args: ['members', '-status=failed'] },
  { args: ['members', '-status=left'] },
  { args: ['members', '-status=left', '-format=json'] },
  { args: ['members', '-role=web'] },
  { args: ['members', '-role=web', '-format=json'] },
  { args: ['members', '-tag', 'role=w.b', '-tag', 'dc=east'] },
  { args: ['members', '-tag', 'role=web|lb'], unordered: true },
  { args: ['members', '-tag', 'nosuch='], unordered: true },
  { args: ['members', '-tag', 'bad'] },
  { args: ['members', '-format=xml'] },
  { args: ['members', '-nosuch'] },
  { args: ['members', '-name'] },
  { args: ['members', 'extra', '-status=left'], unordered: true },
];

const events: readonly CliCase[] = [
  { args: ['event', 'deploy'] },
  { args: ['event', 'deploy', 'v1'] },
  { args: ['event', '-coalesce=false', 'deploy', 'v1'] },
  { args: ['event', '-coalesce', 'false', 'x'] },
  { args: ['event', '-coalesce=maybe', 'x'] },
  { args: ['event', ''] },
  { args: ['event', 'grüße', '東京'] },
  { args: ['event'] },
  { args: ['event', 'too', 'many', 'words'] },
  { args: ['event', 'large', 'x'.repeat(508)] },
  { args: ['event', 'large', 'x'.repeat(490)] },
];

const queries: readonly CliCase[] = [
  { args: ['query', '-timeout=1s', 'load'], unordered: true },
  { args: ['query', '-timeout=1s', '-format=json', 'load', 'payload'], unordered: true },
  { args: ['query', '-timeout=500ms', '-no-ack', 'load'], unordered: true },
  { args: ['query', '-timeout=500ms', '-no-ack', '-format=json', 'nosuch'] },
  { args: ['query', '-timeout=500ms', '-node=ours', '-node', 'nosuch', 'load'], unordered: true },
  { args: ['query', '-timeout=500ms', '-tag', 'role=web', 'load'], unordered: true },
  { args: ['query', '-timeout=500ms', '-tag=role=nosuch', '-format=json', 'load'] },
  { args: ['query', '-timeout=500ms', '-tag', 'bad', 'load'] },
  { args: ['query', '-timeout=1s', '-relay-factor=2', 'load'], unordered: true },
  { args: ['query', '-relay-factor=256', 'load'] },
  { args: ['query', '-timeout=500ms', '_serf_ping'], unordered: true },
  { args: ['query', '-timeout=500ms', '_serf_ping', 'payload'] },
  { args: ['query', '_serf_list-keys'] },
  { args: ['query', 'large', 'x'.repeat(1024)] },
  { args: ['query', '-timeout=soon', 'load'] },
  { args: ['query', '-format=xml', 'load'] },
  { args: ['query'] },
  { args: ['query', 'too', 'many', 'words'] },
  { args: ['reachability'], unordered: true },
  { args: ['reachability', '-verbose'], unordered: true },
];

const others: readonly CliCase[] = [
  { args: ['join'] },
  { args: ['join', '127.0.0.1:notaport'] },
  { args: ['force-leave'] },
  { args: ['force-leave', 'nosuch'] },
  { args: ['force-leave', '-prune', 'nosuch'] },
  { args: ['tags'] },
  { args: ['tags', '-set', 'added=1', '-delete', 'nosuch'] },
  { args: ['tags', '-delete', 'added'] },
  { args: ['tags', '-set', 'bad'] },
  { args: ['tags', '-set', `long=${'x'.repeat(512)}`] },
  { args: ['info'] },
  { args: ['info', '-format=json'] },
  { args: ['info', '-format=xml'] },
  { args: ['rtt'] },
  { args: ['rtt', 'real'] },
  { args: ['rtt', 'real', 'ours'] },
  { args: ['rtt', 'nosuch'] },
  { args: ['rtt', 'real', 'nosuch'] },
  { args: ['rtt', 'one', 'two', 'three'] },
  { args: ['keys'] },
  { args: ['keys', '-list'], unordered: true },
  { args: ['keys', '-list', '-use=x'] },
  { args: ['keys', '-install', Buffer.alloc(32).toString('base64')], unordered: true },
  { args: ['monitor', '-log-level=LOUD'] },
  { args: ['leave', '-nosuch'] },
];
