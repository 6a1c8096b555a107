// Commands as raft carries them, held against the log that the real Consul wrote.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { type CapturedEntry, readRaftLog } from '@reeve/golden';
import { type Command, decodeCommand, encodeCommand, type Requests } from '../../dist/core/wire/command.js';

const commands = readRaftLog().filter(({ type }) => type === 0);

function known({ data }: CapturedEntry): Command | undefined {
  const command = decodeCommand(data);
  return command.type === 'unknown' ? undefined : command;
}

function only<Type extends Command['type']>(type: Type, at = 0): Requests[Type] {
  const found = commands.map(known).filter((command) => command?.type === type);
  return found.at(at)?.request as Requests[Type];
}

test('every command of ours is encoded as the real program wrote it', () => {
  const seen = new Set<string>();
  for (const entry of commands) {
    const command = known(entry);
    if (command === undefined) continue;
    seen.add(command.type);
    const again = Buffer.from(encodeCommand(command));
    if (entry.index === wholeFloatInProxy) assert.deepEqual(decodeCommand(again), command);
    else assert.equal(mapsInOrder(again), mapsInOrder(Buffer.from(entry.data)), `entry ${entry.index}`);
  }
  assert.deepEqual([...seen].sort(), [
    'aclBootstrap',
    'aclPolicies',
    'aclRoles',
    'aclTokens',
    'autopilot',
    'configEntry',
    'coordinates',
    'deregister',
    'federationState',
    'intention',
    'keyValue',
    'preparedQuery',
    'register',
    'session',
    'transaction',
  ]);
});

test('types that no leader writes are unknown: of the Enterprise edition, and those of snapshots', () => {
  for (const number of [10, 14, 15, 16, 29, 31])
    assert.deepEqual(decodeCommand(Uint8Array.of(number, 0x80)), {
      type: 'unknown',
      number,
      ignorable: false,
    });
});

test('a type with 128 added may be ignored by those who do not know it', () => {
  const command = { type: 'unknown', number: 40 };
  assert.deepEqual(decodeCommand(Uint8Array.of(40, 0x80)), { ...command, ignorable: false });
  assert.deepEqual(decodeCommand(Uint8Array.of(168, 0x80)), { ...command, ignorable: true });
  assert.throws(() => decodeCommand(new Uint8Array(0)), DecodeError);
});

test('coordinates are a command that others may ignore', () => {
  const entry = commands.find(({ data }) => (data[0] ?? 0) >= 128);
  assert.equal(entry?.data[0], 128 + 6);
  assert.equal(encodeCommand({ type: 'coordinates', request: [] })[0], 128 + 6);
});

test('a registration has the node, the service and the checks', () => {
  const { node, address, service, checks, nodeMeta } = only('register', 2);
  assert.deepEqual([node, address, nodeMeta], ['ext1', '10.0.0.9', new Map([['env', 'prod']])]);
  assert.deepEqual(service?.tags, ['primary', 'v1']);
  assert.deepEqual(service?.weights, { passing: 5, warning: 1 });
  assert.deepEqual(service?.taggedAddresses, new Map([['lan', { address: '10.0.0.10', port: 5432 }]]));
  assert.equal(service?.proxy, null);
  assert.deepEqual(Object.keys(service ?? {}).includes('locallyRegisteredAsSidecar'), false);
  const [check, memory] = checks ?? [];
  assert.equal(check?.definition.intervalNs, 10e9);
  assert.equal(check?.definition.deregisterCriticalServiceAfterNs, 1_800e9);
  assert.deepEqual(check?.definition.header, new Map([['k', ['v']]]));
  assert.equal(memory?.checkId, 'mem');
});

test('nothing given is null, which is not the same as nothing in it', () => {
  const { service, checks, taggedAddresses } = only('register', 3);
  assert.deepEqual([service, checks, taggedAddresses], [null, null, null]);
});

test('what the mesh keeps in a service is passed on', () => {
  const proxy = only('register', 4).service?.proxy as ReadonlyMap<string, unknown>;
  assert.equal(proxy.get('DestinationServiceID'), 'web1');
  assert.deepEqual((proxy.get('Config') as ReadonlyMap<string, unknown>).get('f'), 1.5);
});

test('checks without a definition share one', () => {
  const checks = only('register', 2).checks ?? [];
  const serf = only('register', 0).check;
  assert.equal(checks[1]?.definition, serf?.definition);
  assert.equal(Object.isFrozen(serf?.definition), true);
});

test('flags are kept to the last bit, an empty value is no bytes', () => {
  assert.equal(only('keyValue', 1).entry.flags, 18446744073709551615n);
  assert.equal(only('keyValue', 2).entry.value.length, 0);
});

test('a session has its delay in nanoseconds and its TTL as it was given', () => {
  const { session, operation } = only('session');
  assert.equal(operation, 'create');
  assert.deepEqual([session.lockDelayNs, session.ttl, session.behavior], [1e9, '60s', 'release']);
  assert.deepEqual(session.nodeChecks, ['serfHealth']);
  assert.deepEqual(only('session', 2).session.serviceChecks, [{ id: 'db:1', namespace: '' }]);
  assert.deepEqual(only('session', 1).session.nodeChecks, []);
});

/** Here the mesh keeps a float 1 as 1.0; we pass it on as 1. */
const wholeFloatInProxy = 19;

/** Go writes the entries of maps in any order: each text of the encoding, sorted, and all bytes, sorted. */
function mapsInOrder(data: Buffer): string {
  return `${data.length} ${data.toString('latin1').split('').sort().join('')}`;
}

// Found by fuzzing: a map whose keys are byte strings twice the same.
test('a step about an intention goes on byte for byte, whatever it is', () => {
  const step = Buffer.from('81a9496e74656e74696f6e82c40161c0c40161c0', 'hex');
  const command = Buffer.concat([Buffer.of(8), Buffer.from('81a34f707391', 'hex'), step]);
  const encoded = encodeCommand(decodeCommand(command) as Command);
  assert.deepEqual(encodeCommand(decodeCommand(encoded) as Command), encoded);
  assert.ok(Buffer.from(encoded).toString('hex').includes('82c40161c0c40161c0'));
});
