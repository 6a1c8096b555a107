// A client that waits for news of a key at one server, which answers from its own state.

import type { Waiting } from './history.ts';
import type { Stage } from './stage.ts';
import { needlessWakeUp } from './wake-ups.ts';

/** Waits again and again, until the end of the run. */
export async function waitForNews(stage: Stage, server: string, key: string): Promise<void> {
  let index = 0;
  let wasThere = false;
  let life = '';
  while (!stage.isOver) {
    const present = stage.cluster.lifeOf(server);
    if (present !== life) index = 0; // what another life has told means nothing to this one
    life = present;
    const waiting: Waiting = {
      server,
      life,
      key,
      index,
      wasThere,
      sinceMs: stage.nowMs,
      waitMs,
      isOver: false,
      lateSinceMs: undefined,
    };
    if (index > 0) stage.waiting.add(waiting);
    const state = stage.cluster.servers.get(server)?.context.store.tables;
    const wait = index > 0 ? `&index=${index}&wait=${waitMs}ms` : '';
    const { answer, invoked, returned } = await stage.askAt(
      server,
      `GET /v1/kv/${key}?stale${wait}`,
      '',
      patienceMs,
    );
    waiting.isOver = true;
    stage.waiting.delete(waiting);
    if (answer === undefined || stage.cluster.lifeOf(server) !== life) {
      await stage.pause(pauseMsMax);
      continue;
    }
    const told = Number(answer.headers['X-Consul-Index']);
    if (index > 0) {
      // A snapshot takes the place of the whole state: then everybody is told to look again.
      const isSameState = stage.cluster.servers.get(server)?.context.store.tables === state;
      if (isSameState) stage.flaw ??= needlessWakeUp(waiting, told, stage.nowMs);
      if (told > index) stage.wakeUps++;
    }
    stage.indexes.push({ key, invoked, returned, index: told, life });
    index = told;
    wasThere = answer.status === 200;
  }
}

const waitMs = 5_000;
const patienceMs = 2 * waitMs;
const pauseMsMax = 300;
