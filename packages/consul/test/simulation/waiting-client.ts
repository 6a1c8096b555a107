// A client that waits for news of a key at one server, which answers from its own state.

import type { Waiting } from './history.ts';
import type { Stage } from './stage.ts';
import { needlessWakeUp } from './wake-ups.ts';

/** Waits again and again, until the end of the run. */
export async function waitForNews(stage: Stage, server: string, key: string): Promise<void> {
  let last: Told | undefined;
  while (!stage.isOver) {
    const life = stage.cluster.lifeOf(server);
    const running = stage.cluster.servers.get(server);
    // Before it has heard of a leader a server asks it, once there is one: that is another state.
    const isReady = running?.consensus.lastContactMs !== undefined;
    const known = last?.life === life ? last : { life, index: 0, isThere: false }; // each life begins anew
    last = isReady ? await waitOnce(stage, server, key, known) : undefined;
    if (last === undefined) await stage.pause(pauseMsMax);
  }
}

/** What a server has told last, and in which life. */
interface Told {
  readonly life: string;
  readonly index: number;
  readonly isThere: boolean;
}

/** Asks for what is newer than what is known; undefined if there was no answer. */
async function waitOnce(stage: Stage, server: string, key: string, known: Told): Promise<Told | undefined> {
  const { life, index } = known;
  const waiting: Waiting = {
    server,
    life,
    key,
    index,
    wasThere: known.isThere,
    sinceMs: stage.nowMs,
    waitMs,
    isOver: false,
    lateSinceMs: undefined,
  };
  if (index > 0) stage.waiting.add(waiting);
  const tables = (): unknown => stage.cluster.servers.get(server)?.context.store.tables;
  const before = tables();
  const wait = index > 0 ? `&index=${index}&wait=${waitMs}ms` : '';
  const request = `GET /v1/kv/${key}?stale${wait}`;
  const { answer, invoked, returned } = await stage.askAt(server, request, '', patienceMs);
  waiting.isOver = true;
  stage.waiting.delete(waiting);
  if (answer === undefined || stage.cluster.lifeOf(server) !== life) return undefined;
  const told = Number(answer.headers['X-Consul-Index']);
  // A snapshot takes the place of the whole state: then everybody is told to look again.
  if (index > 0 && tables() === before) stage.flaw ??= needlessWakeUp(waiting, told, stage.nowMs);
  if (index > 0 && told > index) stage.wakeUps++;
  stage.indexes.push({ key, invoked, returned, index: told, life });
  return { life, index: told, isThere: answer.status === 200 };
}

const waitMs = 5_000;
const patienceMs = 2 * waitMs;
const pauseMsMax = 300;
