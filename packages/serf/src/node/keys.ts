// The cluster's encryption keys, as promises. The order that loses no packet: install a key, use it, remove
// the old one.

import type { KeyManager, KeyOptions, KeyOutcome, KeyResponse } from '../core/index.ts';
import { type Key, toBase64 } from './options.ts';

/** Changes the keys of all members at once. Each rejects with a KeyChangeError unless all members succeed. */
export interface Keys {
  /** Adds a key with which members can read. */
  install(key: Key, options?: KeyOptions): Promise<KeyResponse>;
  /** Makes everybody encrypt with a key that is installed. */
  use(key: Key, options?: KeyOptions): Promise<KeyResponse>;
  /** Removes a key; the one in use cannot be removed. */
  remove(key: Key, options?: KeyOptions): Promise<KeyResponse>;
  /** Counts who has which key. */
  list(options?: KeyOptions): Promise<KeyResponse>;
}

/** Not every member did what it was asked for. */
export class KeyChangeError extends Error {
  /** What those that answered had to say. */
  readonly response: KeyResponse;

  constructor(response: KeyResponse, cause: Error) {
    super(cause.message, { cause });
    this.name = 'KeyChangeError';
    this.response = response;
  }
}

/** The key manager's promises. */
export function createKeys(manager: KeyManager): Keys {
  return {
    install: (key, options = {}) => settle((done) => manager.installKey(toBase64(key), options, done)),
    use: (key, options = {}) => settle((done) => manager.useKey(toBase64(key), options, done)),
    remove: (key, options = {}) => settle((done) => manager.removeKey(toBase64(key), options, done)),
    list: (options = {}) => settle((done) => manager.listKeys(options, done)),
  };
}

function settle(ask: (done: (outcome: KeyOutcome) => void) => void): Promise<KeyResponse> {
  return new Promise((resolve, reject) => {
    ask(({ response, error }) => (error ? reject(new KeyChangeError(response, error)) : resolve(response)));
  });
}
