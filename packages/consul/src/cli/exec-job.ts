// A job for `consul exec` in the key/value store: it belongs to a session, whose end ends what agents may
// write to it. Upstream: command/exec/exec.go.

import { posix } from 'node:path';
import { compactJson, type JsonOutput } from '@reeve/cli';
import type { ConsulClient } from '../api/client.ts';
import type { Query } from '../api/go-url.ts';
import { deleteKey, putKey } from '../api/key-values.ts';
import type { Self } from '../api/records/agent.ts';
import { instances } from '../api/records/health.ts';
import { withId } from '../api/records/with-id.ts';
import { decodeJson } from '../json/decode.ts';

/** Another datacenter that is to do the work. */
export interface ForeignHome {
  readonly from: Self['config'];
  readonly datacenter: string;
  readonly say: (message: string) => void;
}

/** One job. */
export class ExecJob {
  readonly #client: ConsulClient;
  readonly #prefix: string;
  readonly #complain: (message: string) => void;
  #session = '';
  #renewal: NodeJS.Timeout | undefined;

  constructor(client: ConsulClient, prefix: string, complain: (message: string) => void) {
    this.#client = client;
    this.#prefix = prefix;
    this.#complain = complain;
  }

  get session(): string {
    return this.#session;
  }

  /** Where the job and what comes of it lie. */
  get folder(): string {
    return posix.join(this.#prefix, this.#session);
  }

  /** Makes the session: on the agent's node, or on a server of the other datacenter. */
  async createSession(foreign?: ForeignHome): Promise<void> {
    const request = foreign === undefined ? localSession : await this.#foreignSession(foreign);
    const { body } = await this.#client.ok('PUT', '/v1/session/create', {
      body: `${compactJson(request)}\n`,
    });
    this.#session = decodeJson(body, withId).id;
    this.#renewal = setInterval(() => void this.#renew(), renewMs);
  }

  /** Puts the job where agents find it. */
  async upload(spec: string): Promise<void> {
    const key = posix.join(this.folder, 'job');
    const isDone = await putKey(this.#client, key, spec, { acquire: this.#session });
    if (!isDone) throw new Error(`failed to acquire key ${key}`);
  }

  /** Tells the agents; the result is the id of the event. */
  async fire(query: Query): Promise<string> {
    const body = compactJson({ Prefix: this.#prefix, Session: this.#session });
    const answer = await this.#client.ok('PUT', '/v1/event/fire/_rexec', { query, body });
    return decodeJson(answer.body, withId).id;
  }

  /** Ends the session first, so that nobody writes any more, then removes all there is. */
  async remove(): Promise<void> {
    clearInterval(this.#renewal);
    const destroy = () => this.#client.ask('PUT', `/v1/session/destroy/${this.#session}`);
    await destroy().catch(() => {});
    await deleteKey(this.#client, this.folder, { recurse: '' }).catch(() => {});
    await destroy().catch(() => {});
  }

  async #foreignSession({ from, datacenter, say }: ForeignHome): Promise<JsonOutput> {
    const query = { passing: '1' };
    const found = await this.#client
      .get('/v1/health/service/consul', instances, query)
      .catch((error: Error) => {
        throw new Error(`${noServer}: ${error.message}`, { cause: error });
      });
    const node = found?.[0]?.node.name;
    if (node === undefined) throw new Error(noServer);
    say(`Binding session to remote node ${node}@${datacenter}`);
    const name = `Remote Exec via ${from.nodeName}@${from.datacenter}`;
    return { Behavior: 'delete', Name: name, Node: node, NodeChecks: [], TTL: ttl };
  }

  async #renew(): Promise<void> {
    try {
      const { status } = await this.#client.ask('PUT', `/v1/session/renew/${this.#session}`);
      if (status !== 200 && status !== 404) throw new Error(`Unexpected response code: ${status}`);
    } catch (error) {
      clearInterval(this.#renewal);
      this.#complain(`Session renew failed: ${(error as Error).message}`);
    }
  }
}

const ttl = '15s';
const renewMs = 5000;
const localSession = { Behavior: 'delete', Name: 'Remote Exec', TTL: ttl };
const noServer = 'Failed to find Consul server in remote datacenter';
