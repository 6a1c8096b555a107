// The session that holds a lock: made for it, renewed twice in its time to live, destroyed with it. If the
// process dies, the servers end it. Upstream: api/session.go (RenewPeriodic).

import { compactJson, parseDuration } from '@reeve/cli';
import { decodeJson, list, struct, text } from '../json/decode.ts';
import type { ConsulClient } from './client.ts';
import { withId } from './records/with-id.ts';

/** What a session is made with; `behavior` says what becomes of its keys when it ends. */
export interface SessionRequest {
  readonly name: string;
  readonly behavior?: 'delete';
}

/** A session that is renewed until it is ended. */
export class LockSession {
  readonly id: string;
  readonly #client: ConsulClient;
  #timer: NodeJS.Timeout | undefined;
  #ttlMs = parseDuration(ttl);
  #renewedAtMs = performance.now();

  private constructor(client: ConsulClient, id: string) {
    this.#client = client;
    this.id = id;
    this.#renewIn(this.#ttlMs / 2);
  }

  /** Makes one on the agent's node. */
  static async create(client: ConsulClient, { name, behavior }: SessionRequest): Promise<LockSession> {
    const request = { ...(behavior === undefined ? {} : { Behavior: behavior }), Name: name, TTL: ttl };
    const { body } = await client.ok('PUT', '/v1/session/create', { body: `${compactJson(request)}\n` });
    return new LockSession(client, decodeJson(body, withId).id);
  }

  /** Destroys it. That it does not exist, or that nobody answers, does not matter: it ends by itself. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#client.ask('PUT', `/v1/session/destroy/${this.id}`).catch(() => {});
  }

  #renewIn(delayMs: number): void {
    this.#timer = setTimeout(() => void this.#renew(), delayMs);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      const { status, body } = await this.#client.ask('PUT', `/v1/session/renew/${this.id}`);
      if (status === 404) return; // it has expired; whoever watches the lock finds out
      if (status !== 200) throw new Error(`status ${status}`);
      this.#ttlMs = parseDuration(decodeJson(body, renewed)?.[0]?.ttl ?? ttl);
      this.#renewedAtMs = performance.now();
      this.#renewIn(this.#ttlMs / 2);
    } catch {
      if (performance.now() - this.#renewedAtMs <= this.#ttlMs) this.#renewIn(retryMs);
    }
  }
}

const renewed = list(struct<{ readonly ttl: string }>('', { ttl: ['TTL', text] }), 'api.SessionEntry');
const ttl = '15s';
const retryMs = 1000;
