// Asks our routes what the real program was asked, and compares the answers byte for byte. Only what differs
// from run to run may differ: indexes and UUIDs, but always in the same way. What was 22 there and is 13 here
// stays 13, in answers and in requests that quote it.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import { type HttpExchange, readHttp } from '@reeve/golden';
import type { AskHttp } from './ask-http.js';

/** A run of captures against one server. */
export class Replay {
  readonly #ask: AskHttp;
  /** What something of the capture is called here. */
  readonly #ours = new Map<string, string>();

  constructor(ask: AskHttp) {
    this.#ask = ask;
  }

  /** Says that something of the captures is called otherwise here. */
  rename(theirs: string, ours: string): void {
    this.#ours.set(theirs, ours);
  }

  /** Asks what was asked in a capture below `http/`, and fails unless it is answered as it was. */
  async check(name: string): Promise<void> {
    const exchange = readHttp(`http/${name}`);
    const { method, answer } = exchange;
    const target = this.#translated(exchange.target);
    const sent = Object.fromEntries(exchange.headers.map(([header, value]) => [header.toLowerCase(), value]));
    const got = await this.#ask(`${method} ${target}`, this.#bodyOf(exchange), sent);
    const body = method === 'HEAD' ? '' : Buffer.from(encodeText(got.text)).toString('latin1');
    assert.equal(got.status, answer.status, `${name}: ${got.text}`);
    this.#compare(name, headersText(got.headers), headersText(answer.headers));
    this.#compare(name, body, answer.body);
  }

  #bodyOf({ body, omittedBodyBytes }: HttpExchange): Uint8Array {
    if (omittedBodyBytes !== undefined) return new Uint8Array(omittedBodyBytes);
    return Buffer.from(this.#translated(body), 'latin1');
  }

  #translated(text: string): string {
    return text.replace(changing, (word) => this.#ours.get(word) ?? word);
  }

  #compare(name: string, ours: string, theirs: string): void {
    assert.equal(ours.replace(changing, '…'), theirs.replace(changing, '…'), name);
    const words = ours.match(changing) ?? [];
    for (const [at, theirWord] of (theirs.match(changing) ?? []).entries()) {
      const ourWord = words[at] ?? '';
      const known = this.#ours.get(theirWord);
      assert.equal(ourWord, known ?? ourWord, `${name}: ${theirWord} was ${known} before`);
      this.#ours.set(theirWord, ourWord);
    }
  }
}

/** All but what belongs to the connection or to the moment. */
function headersText(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return lines
    .filter((line) => !ofConnection.test(line))
    .sort()
    .join('\n');
}

const ofConnection = /^(?:Date|Content-Length|Connection|Transfer-Encoding):/;

/** Indexes, where they stand in answers and requests, and UUIDs. */
const index = /(?<=(?:CreateIndex|ModifyIndex)": |X-Consul-Index: |modify index |[?&](?:cas|index)=)\d+/;
const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;
const changing = new RegExp(`${index.source}|${uuid.source}`, 'g');
