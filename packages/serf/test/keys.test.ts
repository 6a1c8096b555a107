// Encryption keys: what a node does when told, and what it answers. Upstream: internal_query.go,
// keymanager.go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64 } from '@reeve/bytes';
import { Keyring, lanProfile } from '@reeve/memberlist';
import type { KeyOutcome, SerfConfig } from '@reeve/serf/core';
import { createKeyManager } from '../dist/core/key-manager.js';
import type { NodeKeyResponse } from '../dist/core/messages.js';
import { applyQuery } from '../dist/core/query.js';
import { decodeKeyResponse, encodeKeyRequest, encodeKeyResponse } from '../dist/core/wire/keys.js';
import { decodeQuery } from '../dist/core/wire/query.js';
import { decodeQueryResponse } from '../dist/core/wire/query-response.js';
import { textOf } from './support/bytes.js';
import { queryFrom } from './support/query-message.js';
import { createRig, nodeCalled } from './support/rig.js';

test('[61] a key is installed, used and removed; every change is written to the keyring file', () => {
  const rig = keyRig([keyA]);
  assert.deepEqual(ask(rig, 'install-key', keyB), success);
  assert.equal(
    textOf(rig.host.files.read('/keyring.json') ?? new Uint8Array()),
    `[\n  "${encodeBase64(keyA)}",\n  "${encodeBase64(keyB)}"\n]`,
  );
  assert.equal(rig.host.files.get('/keyring.json')?.mode, 0o600);
  assert.deepEqual(ask(rig, 'use-key', keyB), success);
  assert.deepEqual(rig.ring.primary.raw, keyB);
  assert.deepEqual(ask(rig, 'remove-key', keyA), success);
  assert.equal(
    textOf(rig.host.files.read('/keyring.json') ?? new Uint8Array()),
    `[\n  "${encodeBase64(keyB)}"\n]`,
  );
});

test('[61] installing a known key and removing an unknown one succeed', () => {
  const rig = keyRig([keyA]);
  assert.deepEqual(ask(rig, 'install-key', keyA), success);
  assert.deepEqual(ask(rig, 'remove-key', keyB), success);
});

test('[61] what cannot be done is answered in the original words', () => {
  const rig = keyRig([keyA]);
  const failure = (message: string): NodeKeyResponse => ({ ...success, succeeded: false, message });
  assert.deepEqual(ask(rig, 'install-key', Uint8Array.of(1)), failure('key size must be 16, 24 or 32 bytes'));
  assert.deepEqual(ask(rig, 'use-key', keyB), failure('Requested key is not in the keyring'));
  assert.deepEqual(ask(rig, 'remove-key', keyA), failure('Removing the primary key is not allowed'));
  const plain = createRig();
  const off = 'No keyring to modify (encryption not enabled)';
  assert.deepEqual(ask(plain, 'install-key', keyA), failure(off));
  assert.deepEqual(
    ask(plain, 'list-keys', new Uint8Array(0)),
    failure('Keyring is empty (encryption not enabled)'),
  );
});

test('[61] a keyring file that cannot be written is a failure of this node', () => {
  const rig = keyRig([keyA]);
  rig.host.files.fault = () => 'EACCES';
  const { succeeded, message } = ask(rig, 'install-key', keyB);
  assert.equal(succeeded, false);
  assert.match(message, /^Failed to write keyring file: .*\/keyring\.json/);
});

test('[61] listing tells all keys and the primary; too many for an answer are cut off at the end', () => {
  const rig = keyRig([keyA, keyB]);
  const keys = [encodeBase64(keyA), encodeBase64(keyB)];
  assert.deepEqual(ask(rig, 'list-keys', new Uint8Array(0)), { ...success, keys, primaryKey: keys[0] });
  const many = keyRig(Array.from({ length: 60 }, (_, i) => new Uint8Array(16).fill(i)));
  const answer = ask(many, 'list-keys', new Uint8Array(0));
  assert.equal(answer.succeeded, true);
  assert.equal(answer.message, `truncated key list response, showing first ${answer.keys.length} of 60 keys`);
  assert.ok(answer.keys.length > 20 && answer.keys.length < 60);
});

test('a key request that cannot be decoded is answered with a failure', () => {
  const rig = keyRig([keyA]);
  assert.deepEqual(answerTo(rig, 'install-key', new Uint8Array(0)), { ...success, succeeded: false });
});

test('[61] the manager counts answers and is done as soon as everybody has answered', () => {
  const rig = keyRig([keyA]);
  rig.join(nodeCalled('web1', '10.0.0.2'));
  const outcomes: KeyOutcome[] = [];
  createKeyManager(rig.machine).listKeys({}, (outcome) => outcomes.push(outcome));
  respond(rig, 'me', { ...success, keys: ['a', 'b'], primaryKey: 'a' });
  assert.equal(outcomes.length, 0);
  respond(rig, 'web1', { ...success, keys: ['a'], primaryKey: 'a', message: 'truncated' });
  const [outcome] = outcomes;
  assert.equal(outcome?.error, undefined);
  const { nodes, responses, errors, keys, primaryKeys, messages } = outcome?.response ?? assert.fail();
  assert.deepEqual([nodes, responses, errors], [2, 2, 0]);
  assert.deepEqual(
    [...keys],
    [
      ['a', 2],
      ['b', 1],
    ],
  );
  assert.deepEqual([...primaryKeys], [['a', 2]]);
  assert.deepEqual([...messages], [['web1', 'truncated']]);
});

test('[61] failures are reported before missing answers', () => {
  const rig = keyRig([keyA]);
  for (const name of ['web1', 'web2']) rig.join(nodeCalled(name, '10.0.0.2'));
  const errors: (string | undefined)[] = [];
  const install = () =>
    createKeyManager(rig.machine).installKey(encodeBase64(keyB), {}, ({ error }) =>
      errors.push(error?.message),
    );
  install();
  respond(rig, 'web1', { ...success, succeeded: false, message: 'no' });
  rig.world.run(4_000);
  install();
  respond(rig, 'web2', success);
  rig.world.run(4_000);
  assert.deepEqual(errors, ['1/3 nodes reported failure', '1/3 nodes reported success']);
});

test('[61] answers that are none count as failures', () => {
  const rig = keyRig([keyA]);
  const outcomes: KeyOutcome[] = [];
  createKeyManager(rig.machine).useKey(encodeBase64(keyA), {}, (outcome) => outcomes.push(outcome));
  respondWith(rig, 'me', Uint8Array.of(5, 1));
  assert.equal(outcomes[0]?.error?.message, '1/1 nodes reported failure');
  assert.deepEqual(
    [...(outcomes[0]?.response.messages ?? [])],
    [['me', 'Invalid key query response type: [5 1]']],
  );
});

test('[61] a key that is no base64 is refused before anybody is asked', () => {
  const rig = keyRig([keyA]);
  const errors: (string | undefined)[] = [];
  createKeyManager(rig.machine).installKey('abc!', {}, ({ error }) => errors.push(error?.message));
  assert.deepEqual(errors, ['illegal base64 data at input byte 3']);
  assert.equal(rig.machine.queues.queries.size, 0);
});

const keyA = new Uint8Array(32).fill(0x41);
const keyB = new Uint8Array(16).fill(0x42);
const success: NodeKeyResponse = { succeeded: true, message: '', keys: [], primaryKey: '' };

type Rig = ReturnType<typeof createRig>;

function keyRig(keys: readonly Uint8Array[]) {
  const ring = new Keyring(keys);
  const overrides: Partial<SerfConfig> = {
    memberlist: { ...lanProfile('me'), keyring: ring },
    keyringFile: '/keyring.json',
  };
  return { ...createRig(overrides), ring };
}

function ask(rig: Rig, operation: string, key: Uint8Array): NodeKeyResponse {
  return answerTo(rig, operation, encodeKeyRequest(key));
}

/** What this node answers to an internal query. */
function answerTo({ machine, gossip, world }: Rig, operation: string, payload: Uint8Array): NodeKeyResponse {
  applyQuery(
    machine,
    queryFrom({ lTime: machine.clocks.query.time, id: 1, name: `_serf_${operation}`, payload }),
  );
  world.run(100);
  const answer = gossip.sent.pop();
  assert.ok(answer, `${operation} is answered`);
  return decodeKeyResponse(decodeQueryResponse(answer.message).payload);
}

/** Lets a member answer the query that was sent last. */
function respond(rig: Rig, from: string, response: NodeKeyResponse): void {
  respondWith(rig, from, encodeKeyResponse(response));
}

function respondWith({ machine }: Rig, from: string, payload: Uint8Array): void {
  const sent = machine.queues.queries.take(0, 10_000).map(decodeQuery);
  const query = sent.toSorted((a, b) => b.lTime - a.lTime)[0];
  assert.ok(query);
  machine.runningQueries.onResponse({ lTime: query.lTime, id: query.id, from, flags: 0, payload });
}
