// The original and ours, each a server of its own with the same node, asked the same over HTTP: status,
// headers and body are equal, but for what differs by nature. Ids and indexes are others on each side; an
// answer that names one must name its counterpart on the other.

import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import type { TestContext } from 'node:test';
import { ConsulAgent } from './consul-agent.ts';
import { eventually } from './eventually.ts';
import { reeveConsul } from './programs.ts';

/** A request, and a name for the id in the answer; later requests say `<name>` for it. */
export interface ConsulCase {
  /** `PUT /v1/kv/a` */
  readonly line: string;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address that it is asked from. */
  readonly from?: string;
  readonly name?: string | undefined;
}

/** Reads a case of one line: `PUT /v1/session/create {"TTL":"20s"} -> s4`. */
export function consulCase(text: string): ConsulCase {
  const [, line = '', body, name] = /^(\S+ \S+)(?: (.*?))?(?: -> (\w+))?$/.exec(text) ?? [];
  return { line, body, name };
}

/** Two servers that are asked the same. */
export class ConsulPair {
  readonly #real: Side;
  readonly #ours: Side;
  readonly #counterparts = new Map<string, string>();
  readonly #names = new Map<string, readonly [real: string, ours: string]>();

  private constructor(real: Side, ours: Side) {
    this.#real = real;
    this.#ours = ours;
  }

  /** Starts both; they end with the test. */
  static async start(t: TestContext, ...args: readonly string[]): Promise<ConsulPair> {
    const flags = ['-node=n1', `-node-id=${nodeId}`, '-serf-wan-port=-1', noCoordinates, ...args];
    const [real, ours] = await Promise.all([
      ConsulAgent.start(t, ...flags),
      ConsulAgent.startOf(reeveConsul, t, ...flags),
    ]);
    return new ConsulPair(await settled(real), await settled(ours));
  }

  /** Asks both; what they answer is the same. */
  async same(asked: ConsulCase): Promise<void> {
    const { line, name } = asked;
    const [real, ours] = await Promise.all([
      this.#ask(this.#real, 0, asked),
      this.#ask(this.#ours, 1, asked),
    ]);
    if (name !== undefined) this.#names.set(name, [idIn(real.body), idIn(ours.body)]);
    const [theirs, our] = [comparable(real, this.#real, line), comparable(ours, this.#ours, line)];
    assert.deepEqual(our.answer, theirs.answer, line);
    const counterparts = theirs.marks.map((mark, at) => this.#counterpart(mark, our.marks[at] ?? ''));
    assert.deepEqual(our.marks, counterparts, line);
  }

  /** Waits until both answer so. */
  async answered(line: string, pattern: RegExp): Promise<void> {
    for (const [side, agent] of [this.#real, this.#ours].entries()) {
      await eventually(line, async () => {
        assert.match((await this.#ask(agent, side === 0 ? 0 : 1, { line })).body, pattern);
      });
    }
  }

  #ask({ agent }: Side, side: 0 | 1, { line, body, headers = {}, from }: ConsulCase): Promise<Answer> {
    const named = (text: string): string =>
      text.replace(/<(\w+)>/g, (whole, name: string) => this.#names.get(name)?.[side] ?? whole);
    return ask(agent, named(line), named(body ?? ''), headers, from);
  }

  /** What an id or index of the original's is on our side: what it was when it was first seen. */
  #counterpart(theirs: string, ours: string): string {
    if (!this.#counterparts.has(theirs)) this.#counterparts.set(theirs, ours);
    return this.#counterparts.get(theirs) ?? '';
  }
}

interface Side {
  readonly agent: ConsulAgent;
  readonly startIndex: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Comparable {
  readonly answer: Answer;
  /** Ids and indexes in the order in which they come. */
  readonly marks: readonly string[];
}

/** When the leader thinks well of it. What is in its catalog by then has any indexes, not to be compared. */
async function settled(agent: ConsulAgent): Promise<Side> {
  await eventually('it is healthy', () => agent.get('/v1/operator/autopilot/health'));
  await agent.put('/v1/kv/ready', 'settled');
  const [{ ModifyIndex: startIndex }] = (await agent.getJson('/v1/kv/ready')) as [{ ModifyIndex: number }];
  return { agent, startIndex };
}

function ask(
  agent: ConsulAgent,
  line: string,
  body: string,
  own: Readonly<Record<string, string>>,
  from = '127.0.0.1',
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  return new Promise((resolve, reject) => {
    const headers = { ...own, ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }) };
    const options = { method, path, headers, agent: false, localAddress: from };
    const outgoing = request(`http://${agent.http}`, options, (incoming) => {
      read(incoming).then(resolve, reject);
    });
    outgoing.once('error', reject).end(body);
  });
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).filter(([name]) => !ofTheConnection.has(name));
  const body = Buffer.concat(chunks).toString();
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Answer['headers'],
    body,
  };
}

function comparable({ status, headers, body }: Answer, side: Side, line: string): Comparable {
  const marks: string[] = [];
  const noteIndex = (index: string): string => {
    marks.push(Number(index) < side.startIndex ? 'before' : index);
    return '<index>';
  };
  const noteId = (id: string): string => {
    marks.push(id);
    return '<id>';
  };
  const text = ordered(line, body)
    .replaceAll(side.agent.address, '<address>')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, noteId)
    .replace(/(?<="(?:Create|Modify)?Index": )(?!0\b)\d+|(?<=current modify index )\d+/g, noteIndex)
    .replace(/(?<="(?:LTime|LastContact|LastTerm|LastIndex|StableSince)": )[^\n,]+/g, '<varies>');
  const { 'x-consul-index': index, ...others } = headers;
  if (index !== undefined) noteIndex(index);
  const contact = 'x-consul-lastcontact' in others ? { 'x-consul-lastcontact': '<varies>' } : {};
  return { answer: { status, headers: { ...others, ...contact }, body: text }, marks };
}

/** The original's maps have no order: tags of services, and services and checks where health is looked at. */
function ordered(line: string, body: string): string {
  if (line.startsWith('GET /v1/catalog/services')) return sortedArrays(body, (tag) => `${tag}`);
  if (line.startsWith('GET /v1/agent/health/')) {
    return sortedArrays(body, (item) => {
      const { CheckID, Service } = item as { CheckID?: string; Service?: { ID: string } };
      return CheckID ?? Service?.ID ?? '';
    });
  }
  return body;
}

function sortedArrays(body: string, key: (item: unknown) => string): string {
  if (!/^[{[]/.test(body)) return body;
  const sort = (_name: string, value: unknown): unknown =>
    Array.isArray(value) ? value.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) : value;
  return JSON.stringify(JSON.parse(body), sort, 4);
}

function idIn(body: string): string {
  return /"ID": "([^"]*)"/.exec(body)?.[1] ?? '';
}

/** Not of the answer; and whether long ones come in chunks. */
const ofTheConnection = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
/** Of its own: the first would come after 15 to 30 seconds, between any two questions. */
const noCoordinates = '-hcl=sync_coordinate_interval_min = "1h"';
const nodeId = '15c7f7e3-b62c-5a13-49ec-74838cb0d952';
