// What this node does when it is told to install, use, remove or list encryption keys.
// Upstream: internal_query.go (handleInstallKey and its brothers). Every change is written to the keyring
// file, if there is one, before it is answered.

import { DecodeError, encodeBase64, encodeText, KeySizeError } from '@reeve/bytes';
import { type Keyring, KeyringError } from '@reeve/memberlist';
import type { IncomingQuery } from './incoming-query.ts';
import type { Machine } from './machine.ts';
import type { NodeKeyResponse } from './messages.ts';
import { decodeKeyRequest, encodeKeyResponse } from './wire/keys.ts';

/** What can be done with keys, as internal queries call it. */
export type KeyOperation = 'install-key' | 'use-key' | 'remove-key' | 'list-keys';

/** Whether an internal query is about keys. */
export function isKeyOperation(name: string): name is KeyOperation {
  return name === 'list-keys' || Object.hasOwn(changes, name);
}

/** Does it and answers. */
export function answerKeyRequest(machine: Machine, operation: KeyOperation, query: IncomingQuery): void {
  if (operation === 'list-keys') {
    const response = listKeys(machine);
    query.respondOrLog(truncateToFit(machine, query, response), 'key');
    return;
  }
  changeKey(machine, operation, query.payload, (problem) => {
    const response = { succeeded: problem === undefined, message: problem ?? '', keys: [], primaryKey: '' };
    query.respondOrLog(encodeKeyResponse(response), 'key');
  });
}

function listKeys(machine: Machine): NodeKeyResponse {
  const { keyring } = machine.config.memberlist;
  if (!keyring) {
    const message = 'Keyring is empty (encryption not enabled)';
    machine.log('err', message);
    return { succeeded: false, message, keys: [], primaryKey: '' };
  }
  machine.log('info', 'Received list-keys query');
  return {
    succeeded: true,
    message: '',
    keys: encodedKeys(keyring),
    primaryKey: encodeBase64(keyring.primary.raw),
  };
}

/** Leaves keys out from the end until the answer is small enough. */
function truncateToFit(machine: Machine, query: IncomingQuery, all: NodeKeyResponse): Uint8Array {
  let encoded = encodeKeyResponse(all);
  for (let shown = all.keys.length - 1; shown >= 0 && !query.fits(encoded); shown--) {
    const message = `truncated key list response, showing first ${shown} of ${all.keys.length} keys`;
    encoded = encodeKeyResponse({ ...all, keys: all.keys.slice(0, shown), message });
    if (query.fits(encoded)) machine.log('warn', message);
  }
  return encoded;
}

/** Changes the ring; `done` with what went wrong, in the words that are answered. */
function changeKey(
  machine: Machine,
  operation: keyof typeof changes,
  payload: Uint8Array,
  done: (problem: string | undefined) => void,
): void {
  const { keyring } = machine.config.memberlist;
  const { apply, verb } = changes[operation];
  const key = decodeOrLog(machine, payload);
  if (!key) return done('');
  if (!keyring) {
    const problem = 'No keyring to modify (encryption not enabled)';
    machine.log('err', problem);
    return done(problem);
  }
  machine.log('info', `Received ${operation} query`);
  try {
    apply(keyring, key);
  } catch (error) {
    if (!(error instanceof KeyringError || error instanceof KeySizeError)) throw error;
    machine.log('err', `Failed to ${verb} key: ${error.message}`);
    return done(error.message);
  }
  writeKeyring(machine, keyring, done);
}

/** Mode 0600: keys are secret. */
function writeKeyring(machine: Machine, keyring: Keyring, done: (problem: string | undefined) => void): void {
  const { keyringFile } = machine.config;
  if (keyringFile === undefined) return done(undefined);
  const text = JSON.stringify(encodedKeys(keyring), undefined, 2);
  machine.runtime.disk.replace(keyringFile, encodeText(text), 0o600, (result) => {
    if (result.ok) return done(undefined);
    const problem = `Failed to write keyring file: ${result.error.message}`;
    machine.log('err', `Failed to write keyring file: ${problem}`); // twice, as the original
    done(problem);
  });
}

function decodeOrLog(machine: Machine, payload: Uint8Array): Uint8Array | undefined {
  try {
    return decodeKeyRequest(payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    machine.log('err', `Failed to decode key request: ${error.message}`);
    return undefined;
  }
}

function encodedKeys(keyring: Keyring): readonly string[] {
  return keyring.keys.map(({ raw }) => encodeBase64(raw));
}

const changes = {
  'install-key': { apply: (ring: Keyring, key: Uint8Array) => ring.install(key), verb: 'install' },
  'use-key': { apply: (ring: Keyring, key: Uint8Array) => ring.use(key), verb: 'change primary' },
  'remove-key': { apply: (ring: Keyring, key: Uint8Array) => ring.remove(key), verb: 'remove' },
};
