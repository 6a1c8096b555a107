// A client that reads and writes a few keys, wherever it is answered.

import type { KeyInput } from './history.ts';
import type { Asked, Stage } from './stage.ts';

/** Acts until the end of the run. */
export async function useKeys(stage: Stage): Promise<void> {
  while (!stage.isOver) {
    const key = stage.oneOf(keys);
    await stage.oneOf(isCalm(stage) ? reads : acts)(stage, key);
    await stage.pause(pauseMsMax);
  }
}

/** Followers that always have something new to apply would have to forward all that they are asked. */
function isCalm({ nowMs }: Stage): boolean {
  return nowMs % turnMs > turnMs / 2;
}

async function readConsistently(stage: Stage, key: string): Promise<void> {
  for (const asked of await readTogether(stage, `GET /v1/kv/${key}?consistent`)) noteRead(stage, key, asked);
}

/** Without `?consistent` a read is one of the last written value only while one leader leads. */
async function readPlainly(stage: Stage, key: string): Promise<void> {
  for (const asked of await readTogether(stage, `GET /v1/kv/${key}`)) {
    if (asked.leader !== undefined) noteRead(stage, key, asked);
  }
}

/** A follower answers those that come at once with one question to its leader. */
function readTogether(stage: Stage, request: string): Promise<readonly Asked[]> {
  return stage.askTogether(1 + stage.cluster.random.below(readsMax), request);
}

async function write(stage: Stage, key: string): Promise<void> {
  const value = stage.newValue();
  note(stage, key, { kind: 'write', value }, await stage.ask(`PUT /v1/kv/${key}`, value));
}

async function remove(stage: Stage, key: string): Promise<void> {
  note(stage, key, { kind: 'delete' }, await stage.ask(`DELETE /v1/kv/${key}`));
}

/** Replaces what it has read before, at whatever server. */
async function replace(stage: Stage, key: string): Promise<void> {
  const { answer } = await stage.ask(`GET /v1/kv/${key}?stale`);
  if (answer === undefined) return;
  const { value: expected, index } = found(answer.text);
  const value = stage.newValue();
  const asked = await stage.ask(`PUT /v1/kv/${key}?cas=${index}`, value);
  const done = asked.answer === undefined ? undefined : asked.answer.text === 'true';
  note(stage, key, { kind: 'cas', expected, value }, asked, done);
}

function noteRead(stage: Stage, key: string, asked: Asked): void {
  const { answer, invoked, returned } = asked;
  if (answer === undefined) return; // who is told nothing has seen nothing
  note(stage, key, { kind: 'read' }, asked, found(answer.text).value);
  const index = Number(answer.headers['X-Consul-Index']);
  stage.indexes.push({ key, invoked, returned, index, life: undefined });
}

function note(
  stage: Stage,
  key: string,
  input: KeyInput,
  asked: Asked,
  output?: string | null | boolean,
): void {
  const { answer, invoked } = asked;
  const returned = answer === undefined ? Number.POSITIVE_INFINITY : asked.returned;
  stage.keys.push({ key, input, invoked, returned, ...(output === undefined ? {} : { output }) });
}

/** The value and the index of an answer; of a key that is not there null and 0. */
function found(text: string): { readonly value: string | null; readonly index: number } {
  if (text === '') return { value: null, index: 0 };
  const [{ Value, ModifyIndex }] = JSON.parse(text);
  return { value: Buffer.from(Value, 'base64').toString(), index: ModifyIndex };
}

const reads = [readConsistently, readPlainly];
const acts = [write, write, write, remove, replace, replace, ...reads];
const keys = ['k1', 'k2', 'k3'];
const pauseMsMax = 300;
const turnMs = 700;
const readsMax = 3;
