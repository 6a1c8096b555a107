// A key/value store of one agent, small but with the rules that locks live by: indexes, cas, acquire,
// release, and questions that wait.

import { EventEmitter, once } from 'node:events';
import type { ReceivedCall, ScriptedAnswer } from './scripted-agent.ts';

/** A key as agents send it. */
export interface StoredKey {
  readonly Key: string;
  readonly Flags: bigint;
  readonly Session: string;
  readonly Value: string | null;
  readonly ModifyIndex: number;
}

/** Answers as an agent with one session would. */
export class FakeStore {
  index: number;
  readonly #session: string;
  readonly #keys = new Map<string, StoredKey>();
  readonly #changed = new EventEmitter();

  constructor(index: number, session: string) {
    this.index = index;
    this.#session = session;
  }

  /** Writes a key as somebody else would. */
  set(key: string, fields: Partial<StoredKey>): void {
    this.index += 1;
    const before = this.#keys.get(key) ?? { Key: key, Flags: 0n, Session: '', Value: null, ModifyIndex: 0 };
    this.#keys.set(key, { ...before, ...fields, ModifyIndex: this.index });
    this.#changed.emit('change');
  }

  async answer({ method, target, body }: ReceivedCall): Promise<ScriptedAnswer> {
    const { pathname, searchParams } = new URL(target, 'http://agent');
    if (pathname === '/v1/session/create') return { body: JSON.stringify({ ID: this.#session }) };
    if (!pathname.startsWith('/v1/kv/')) return { body: '{}' };
    const key = pathname.slice('/v1/kv/'.length);
    if (method === 'GET') return this.#read(key, searchParams);
    return {
      body: String(method === 'PUT' ? this.#put(key, searchParams, body) : this.#delete(key, searchParams)),
    };
  }

  async #read(key: string, query: URLSearchParams): Promise<ScriptedAnswer> {
    const seen = Number(query.get('index') ?? 0);
    const waitMs = Number.parseInt(query.get('wait') ?? '60000', 10);
    if (seen >= this.index) {
      const timeout = AbortSignal.timeout(waitMs);
      await once(this.#changed, 'change', { signal: timeout }).catch(() => {});
    }
    const found = [...this.#keys.values()].filter(({ Key }) => {
      return query.has('recurse') ? Key.startsWith(key) : Key === key;
    });
    const index = String(this.index);
    if (found.length === 0) return { status: 404, index };
    // JSON.stringify knows no bigint, and these have no quotes.
    const text = JSON.stringify(found, (_, value) => (typeof value === 'bigint' ? `#${value}#` : value));
    return { body: text.replace(/"#(\d+)#"/g, '$1'), index };
  }

  #put(key: string, query: URLSearchParams, body: string): boolean {
    const before = this.#keys.get(key);
    const [acquire, release, cas] = ['acquire', 'release', 'cas'].map((name) => query.get(name));
    if (cas != null && Number(cas) !== (before?.ModifyIndex ?? 0)) return false;
    if (acquire != null && before !== undefined && before.Session !== '') return false;
    if (release != null && before?.Session !== release) return false;
    const Value = body === '' ? null : Buffer.from(body).toString('base64');
    this.set(key, { Flags: BigInt(query.get('flags') ?? 0), Value, Session: acquire ?? '' });
    return true;
  }

  #delete(key: string, query: URLSearchParams): boolean {
    const cas = query.get('cas');
    if (cas !== null && Number(cas) !== (this.#keys.get(key)?.ModifyIndex ?? 0)) return false;
    this.index += 1;
    this.#keys.delete(key);
    this.#changed.emit('change');
    return true;
  }
}
