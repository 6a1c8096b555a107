// Changing the encryption keys of the whole cluster: a query to everybody, whose answers are counted.
// Upstream: keymanager.go. How each node carries it out: key-request.ts.
// The order that loses no packet: install a key everywhere, use it everywhere, remove the old one.

import { DecodeError, decodeBase64 } from '@reeve/bytes';
import { SerfError } from './errors.ts';
import type { KeyOperation } from './key-request.ts';
import type { Machine } from './machine.ts';
import { internalQueryPrefix, messageTypes, type NodeKeyResponse } from './messages.ts';
import { startQuery } from './query.ts';
import type { QueryHandle } from './query-types.ts';
import { decodeKeyResponse, encodeKeyRequest } from './wire/keys.ts';

/** What the members answered to a change or a listing of keys. */
export interface KeyResponse {
  /** What members had to say, by name: their errors, mostly. */
  readonly messages: ReadonlyMap<string, string>;
  /** Members alive when the question was asked. */
  readonly nodes: number;
  readonly responses: number;
  readonly errors: number;
  /** By base64 key: how many members have it. Only filled by `listKeys`. */
  readonly keys: ReadonlyMap<string, number>;
  /** By base64 key: how many members encrypt with it. Empty text for members that answered without a key. */
  readonly primaryKeys: ReadonlyMap<string, number>;
}

/**
 * How a key operation ended: always with what was gathered, and with an error unless every member succeeded.
 */
export interface KeyOutcome {
  readonly response: KeyResponse;
  readonly error?: Error | undefined;
}

/** How a key operation is carried out. */
export interface KeyOptions {
  /** How many other members also carry each answer back, 0 to 255. */
  readonly relayFactor?: number;
}

/** Changes the keyrings of the whole cluster. Keys are base64; `done` may run inside a call. */
export interface KeyManager {
  /** Adds a key for decryption everywhere. */
  installKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Makes an installed key the one everybody encrypts with. */
  useKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Removes a key everywhere; the primary cannot be removed. */
  removeKey(key: string, options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
  /** Counts all keys in use. */
  listKeys(options: KeyOptions, done: (outcome: KeyOutcome) => void): void;
}

/** The key manager of a node. */
export function createKeyManager(machine: Machine): KeyManager {
  return {
    installKey: (key, options, done) => askEverybody(machine, 'install-key', key, options, done),
    useKey: (key, options, done) => askEverybody(machine, 'use-key', key, options, done),
    removeKey: (key, options, done) => askEverybody(machine, 'remove-key', key, options, done),
    listKeys: (options, done) => askEverybody(machine, 'list-keys', '', options, done),
  };
}

function askEverybody(
  machine: Machine,
  operation: KeyOperation,
  key: string,
  { relayFactor = 0 }: KeyOptions,
  done: (outcome: KeyOutcome) => void,
): void {
  const tally = new KeyTally(machine.gossip.members.length);
  let query: QueryHandle | undefined;
  const handlers = {
    onAck: () => {},
    onResponse: (from: string, payload: Uint8Array) => {
      const message = tally.add(from, payload);
      if (message) machine.log('warn', message);
      if (tally.isComplete) query?.close(); // nobody else will answer
    },
    onDone: () => done(tally.outcome()),
  };
  try {
    const request = encodeKeyRequest(decodeBase64(key));
    query = startQuery(machine, internalQueryPrefix + operation, request, { relayFactor }, handlers);
  } catch (error) {
    if (!(error instanceof SerfError || error instanceof DecodeError)) throw error;
    done({ response: new KeyTally(0), error });
  }
}

/** The answers so far. */
class KeyTally implements KeyResponse {
  readonly nodes: number;
  responses = 0;
  errors = 0;
  // Bounded by the number of members, each of which is heard once, and by the size of an answer.
  readonly messages = new Map<string, string>();
  readonly keys = new Map<string, number>();
  readonly primaryKeys = new Map<string, number>();

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  get isComplete(): boolean {
    return this.responses === this.nodes;
  }

  /** Counts an answer; returns what a member that succeeded had to say nevertheless. */
  add(from: string, payload: Uint8Array): string | undefined {
    this.responses++;
    const answer = decodeAnswer(payload);
    if (typeof answer === 'string') {
      this.errors++;
      this.messages.set(from, answer);
      return undefined;
    }
    const { succeeded, message, keys, primaryKey } = answer;
    if (!succeeded) this.errors++;
    if (!succeeded || message !== '') this.messages.set(from, message);
    for (const key of keys) increment(this.keys, key);
    increment(this.primaryKeys, primaryKey);
    return succeeded && message !== '' ? message : undefined;
  }

  outcome(): KeyOutcome {
    const { nodes, responses, errors } = this;
    if (errors > 0)
      return { response: this, error: new SerfError(`${errors}/${nodes} nodes reported failure`) };
    if (!this.isComplete)
      return { response: this, error: new SerfError(`${responses}/${nodes} nodes reported success`) };
    return { response: this };
  }
}

/** The answer, or what is wrong with it in the original's words. */
function decodeAnswer(payload: Uint8Array): NodeKeyResponse | string {
  if (payload[0] !== messageTypes.keyResponse)
    return `Invalid key query response type: [${payload.join(' ')}]`;
  try {
    return decodeKeyResponse(payload);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `Failed to decode key query response: [${payload.join(' ')}]`;
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
