// A client that locks a key again and again, as `consul lock` does: it holds it for a while, keeps its
// session alive meanwhile, and gives it up in one of three ways, the last of which is to say nothing.

import type { Hold } from './history.ts';
import type { Asked, Stage } from './stage.ts';

/** Sessions of these clients end a key's lock with this delay. */
export const lockDelayMs = 2_000;

/** Acts until the end of the run. */
export async function useLock(stage: Stage, key: string): Promise<void> {
  while (!stage.isOver) {
    await stage.pause(pauseMsMax);
    const session = await createSession(stage);
    if (session !== undefined) await holdOnce(stage, key, session);
  }
}

async function createSession(stage: Stage): Promise<string | undefined> {
  const times = `"TTL":"${ttlMs / 1_000}s","LockDelay":"${lockDelayMs / 1_000}s"`;
  const body = `{"Node":"clients","Checks":[],${times}}`;
  const { answer } = await stage.ask('PUT /v1/session/create', body);
  return answer === undefined ? undefined : JSON.parse(answer.text).ID;
}

async function holdOnce(stage: Stage, key: string, session: string): Promise<void> {
  let renewedMs = stage.nowMs - ttlMs; // nobody knows when it was created, only that it was
  for (let attempt = 0; attempt < attemptsMax && !stage.isOver; attempt++) {
    const renewed = await stage.ask(`PUT /v1/session/renew/${session}`);
    if (renewed.answer?.status !== 200) return;
    renewedMs = renewed.askedMs;
    const asked = await stage.ask(`PUT /v1/kv/${key}?acquire=${session}`, session);
    if (asked.answer === undefined) break; // it may have the lock, and does not know
    if (asked.answer.text === 'true') return keep(stage, noteHold(stage, key, session, asked, renewedMs));
    await stage.pause(pauseMsMax);
  }
  await endSession(stage, session);
}

function noteHold(stage: Stage, key: string, session: string, asked: Asked, renewedMs: number): Hold {
  const { askedMs, toldMs, leader } = asked;
  const hold: Hold = {
    key,
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
  await stage.oneOf([release, release, destroy, destroy, destroy, vanish])(stage, hold);
}

async function release(stage: Stage, hold: Hold): Promise<void> {
  hold.releasedMs = stage.nowMs;
  await stage.ask(`PUT /v1/kv/${hold.key}?release=${hold.session}`, '');
}

async function destroy(stage: Stage, hold: Hold): Promise<void> {
  hold.releasedMs = stage.nowMs;
  hold.destroyed = await endSession(stage, hold.session);
}

/** Says nothing until somebody cleans up behind it. Leaders that change too often let no session expire. */
async function vanish(stage: Stage, hold: Hold): Promise<void> {
  await stage.pause(goneMsMax);
  await destroy(stage, hold);
}

/** Tries until it is answered. What is known of the end is known only if that was at once. */
async function endSession(stage: Stage, session: string): Promise<Hold['destroyed']> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { answer, askedMs, toldMs, leader } = await stage.ask(`PUT /v1/session/destroy/${session}`);
    if (answer === undefined) continue;
    return attempt === 0 && leader !== undefined ? { askedMs, toldMs, leader } : undefined;
  }
  return undefined;
}

const ttlMs = 10_000;
const attemptsMax = 20;
/** Longer than it takes until a session expires under one leader. */
const goneMsMax = 30_000;
const holdMsMax = 1_500;
const pauseMsMax = 700;
