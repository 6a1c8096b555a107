// A client that locks one key again and again, as `consul lock` does: it holds it for a while, keeps its
// session alive meanwhile, and gives it up in one of three ways, the last of which is to say nothing.

import type { Hold } from './history.ts';
import type { Asked, Stage } from './stage.ts';

/** Sessions of these clients end a key's lock with this delay. */
export const lockDelayMs = 2_000;

/** Acts until the end of the run. */
export async function useLock(stage: Stage): Promise<void> {
  while (!stage.isOver) {
    await stage.pause(pauseMsMax);
    const session = await createSession(stage);
    if (session !== undefined) await holdOnce(stage, session);
  }
}

async function createSession(stage: Stage): Promise<string | undefined> {
  const times = `"TTL":"${ttlMs / 1_000}s","LockDelay":"${lockDelayMs / 1_000}s"`;
  const body = `{"Node":"clients","Checks":[],${times}}`;
  const { answer } = await stage.ask('PUT /v1/session/create', body);
  return answer === undefined ? undefined : JSON.parse(answer.text).ID;
}

async function holdOnce(stage: Stage, session: string): Promise<void> {
  let renewedMs = stage.nowMs - ttlMs; // nobody knows when it was created, only that it was
  for (let attempt = 0; attempt < attemptsMax && !stage.isOver; attempt++) {
    const renewed = await stage.ask(`PUT /v1/session/renew/${session}`);
    if (renewed.answer?.status !== 200) return;
    renewedMs = renewed.askedMs;
    const asked = await stage.ask(`PUT /v1/kv/${lockKey}?acquire=${session}`, session);
    if (asked.answer === undefined) return; // it may have the lock, and does not know
    if (asked.answer.text === 'true') return keep(stage, noteHold(stage, session, asked, renewedMs));
    await stage.pause(pauseMsMax);
  }
  await stage.ask(`PUT /v1/session/destroy/${session}`);
}

function noteHold(stage: Stage, session: string, asked: Asked, renewedMs: number): Hold {
  const { askedMs, toldMs, leader } = asked;
  const hold: Hold = {
    key: lockKey,
    session,
    askedMs,
    toldMs,
    leader,
    releasedMs: Number.POSITIVE_INFINITY,
    expiresMs: renewedMs + ttlMs,
    destroyed: undefined,
  };
  stage.holds.push(hold);
  return hold;
}

async function keep(stage: Stage, hold: Hold): Promise<void> {
  for (let times = stage.cluster.random.below(4); times > 0; times--) {
    await stage.pause(holdMsMax);
    const { answer, askedMs } = await stage.ask(`PUT /v1/session/renew/${hold.session}`);
    if (answer?.status === 200) hold.expiresMs = askedMs + ttlMs;
  }
  await stage.oneOf([release, destroy, destroy, vanish])(stage, hold);
}

async function release(stage: Stage, hold: Hold): Promise<void> {
  hold.releasedMs = stage.nowMs;
  await stage.ask(`PUT /v1/kv/${hold.key}?release=${hold.session}`, '');
}

async function destroy(stage: Stage, hold: Hold): Promise<void> {
  hold.releasedMs = stage.nowMs;
  const { answer, askedMs, toldMs, leader } = await stage.ask(`PUT /v1/session/destroy/${hold.session}`);
  if (answer !== undefined && leader !== undefined) hold.destroyed = { askedMs, toldMs, leader };
}

async function vanish(): Promise<void> {}

const lockKey = 'lock';
const ttlMs = 10_000;
const attemptsMax = 20;
const holdMsMax = 1_500;
const pauseMsMax = 700;
