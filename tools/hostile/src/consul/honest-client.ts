// Somebody who means no harm while others do: one request after the other, over HTTP, DNS and the server
// port, from an address of its own. How long each took, and what was not answered. Next: trial.ts.

import { createSocket } from 'node:dgram';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { call, frame, frameTypes, multiplexed, said } from './wire/server-port.ts';

/** What became of its requests. */
export interface Service {
  readonly asked: number;
  /** What was not answered, or not as it should be; the first of each kind with its reason. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
}

/** Asks until it is told to stop. */
export class HonestClient {
  readonly #host: string;
  readonly #from: string;
  readonly #failures: string[] = [];
  #asked = 0;
  #slowestMs = 0;
  #isOver = false;
  readonly #done: Promise<void>;

  constructor(host: string, from: string) {
    this.#host = host;
    this.#from = from;
    this.#done = this.#ask();
  }

  /** What it has seen. */
  async stop(): Promise<Service> {
    this.#isOver = true;
    await this.#done;
    return { asked: this.#asked, failures: this.#failures, slowestMs: this.#slowestMs };
  }

  async #ask(): Promise<void> {
    const place = [this.#host, this.#from] as const;
    for (let turn = 0; !this.#isOver; turn++) {
      const value = `value ${turn}`;
      await this.#time('write', () => http(...place, 'PUT', '/v1/kv/honest', value), 'true');
      await this.#time('read', () => http(...place, 'GET', '/v1/kv/honest?raw'), value);
      await this.#time('DNS', () => dns(...place), 'answered');
      await this.#time('call', () => ping(...place), 'answered');
      await delay(pauseMs);
    }
  }

  async #time(what: string, ask: () => Promise<string>, expected: string): Promise<void> {
    const sinceMs = performance.now();
    const givesUp = new AbortController();
    const late = delay(patienceMs, 'no answer in time', { signal: givesUp.signal }).catch(() => '');
    const answer = await Promise.race([ask().catch((error: Error) => error.message), late]);
    givesUp.abort();
    this.#asked += 1;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - sinceMs);
    if (answer !== expected) this.#failures.push(`${what}: ${answer.slice(0, 200)}`);
  }
}

function http(
  host: string,
  localAddress: string,
  method: string,
  path: string,
  body?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host, port: 8500, localAddress, method, path, agent: false };
    const outgoing = request(options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      incoming.once('end', () => resolve(text)).once('error', reject);
    });
    outgoing.once('error', reject).end(body);
  });
}

function dns(host: string, from: string): Promise<string> {
  const name = ['consul', 'service', 'consul'].flatMap((label) => [label.length, ...Buffer.from(label)]);
  const question = Buffer.from([9, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 0, 1, 0, 1]);
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const close = setTimeout(() => socket.close(), patienceMs);
    socket.once('error', reject);
    socket.once('message', (message) => {
      clearTimeout(close);
      socket.close();
      resolve(
        message.readUInt16BE(6) === 1 ? 'answered' : `an answer with ${message.readUInt16BE(6)} records`,
      );
    });
    socket.bind(0, from, () => socket.send(question, 8600, host));
  });
}

/** Status.Leader over yamux: three frames at least, the last with the answer. */
function ping(host: string, localAddress: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 8300, localAddress });
    const close = setTimeout(() => socket.destroy(), patienceMs);
    let received = Buffer.alloc(0);
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(close);
      reject(new Error('the connection was closed'));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!received.includes(`${host}:8300`)) return;
      resolve('answered');
      socket.end(frame(frameTypes.goAway, 0, 0, 0));
    });
    socket.write(multiplexed(said(1, call('Status.Leader', { Datacenter: 'dc1' }))));
  });
}

const pauseMs = 50;
/** While the cluster elects, requests wait seven seconds; and machines are busy. */
const patienceMs = 30_000;
