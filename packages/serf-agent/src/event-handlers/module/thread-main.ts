// The program of the thread in which a handler module lives: loads it, sets it up, hands it events.
// Importing this file runs it; module-thread.ts does so in a worker. Whatever goes wrong here, a hang and
// an exit included, ends this thread and not the agent.
//
// Contract with the module: @reeve/handler-api. Next: load-module.ts.

import { parentPort, workerData } from 'node:worker_threads';
import type { Handler, HandlerContext, HandlerEvent, HandlerLog, Member } from '@reeve/handler-api';
import { Allowance } from './allowance.ts';
import { loadHandler } from './load-module.ts';
import { type FromThread, revive, type ThreadData, type ToThread } from './messages.ts';

const { module, options, nodeName } = workerData as ThreadData;
// Bounded by the handler's concurrency.
const limits = new Map<number, AbortController>();
// Bounded by what the module itself asks; the agent answers every request.
const requests = new Map<number, (members: readonly Member[]) => void>();
let requestCount = 0;
const encoder = new TextEncoder();
const messagesPerSecondMax = 1000;

const allowance = new Allowance(
  messagesPerSecondMax,
  () => performance.now(),
  () => {
    const text = `it tells and asks more than ${messagesPerSecondMax} times a second; the rest is dropped`;
    post({ kind: 'log', level: 'warn', text });
  },
);
const log: HandlerLog = {
  debug: (text) => write('debug', text),
  info: (text) => write('info', text),
  warn: (text) => write('warn', text),
  error: (text) => write('err', text),
};

await start();

async function start(): Promise<void> {
  parentPort?.ref(); // or a module that waits for nothing would end its thread while it is set up
  try {
    const handler = await loadHandler(module);
    post({ kind: 'loaded', name: handler.name });
    const state = await setUp(handler);
    parentPort?.on('message', (message: ToThread) => onMessage(handler, state, message));
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'refused', reason: reasonOf(error) });
  }
}

async function setUp(handler: Handler<unknown>): Promise<unknown> {
  try {
    return await handler.setup?.(options, { nodeName, log });
  } catch (cause) {
    throw new Error(`its setup failed: ${reasonOf(cause)}`, { cause });
  }
}

function onMessage(handler: Handler<unknown>, state: unknown, message: ToThread): void {
  switch (message.kind) {
    case 'event':
      return void onEvent(handler, state, message);
    case 'abort':
      return limits.get(message.run)?.abort(new Error(message.reason));
    case 'members':
      requests.get(message.request)?.(message.members);
      requests.delete(message.request);
      return;
    case 'close':
      return void close(handler, state);
  }
}

async function onEvent(
  handler: Handler<unknown>,
  state: unknown,
  { run, event, self }: Extract<ToThread, { kind: 'event' }>,
): Promise<void> {
  const limit = new AbortController();
  limits.set(run, limit);
  const respond = (answer: string | Uint8Array): void => {
    const bytes = typeof answer === 'string' ? encoder.encode(answer) : answer;
    if (allowance.take()) post({ kind: 'respond', run, answer: bytes });
  };
  const context = { state, self, log, signal: limit.signal, members: askForMembers };
  const failure = await handle(handler, revive(event, respond), context).then(() => undefined, reasonOf);
  limits.delete(run);
  post({ kind: 'done', run, failure });
}

async function handle(
  handler: Handler<unknown>,
  event: HandlerEvent,
  context: HandlerContext<unknown>,
): Promise<void> {
  if ('members' in event && handler.onMemberEvent) await handler.onMemberEvent(event, context);
  else await handler.onEvent?.(event, context);
}

function askForMembers(): Promise<readonly Member[]> {
  if (!allowance.take()) return Promise.reject(new Error('the members were asked for too often'));
  const request = requestCount++;
  return new Promise((resolve) => {
    requests.set(request, resolve);
    post({ kind: 'members', request });
  });
}

async function close(handler: Handler<unknown>, state: unknown): Promise<void> {
  for (const limit of limits.values()) limit.abort(new Error('the handler is being closed'));
  try {
    await handler.close?.(state);
  } catch (error) {
    log.warn(`close failed: ${reasonOf(error)}`);
  }
  post({ kind: 'closed' });
}

function write(level: 'debug' | 'info' | 'warn' | 'err', text: string): void {
  if (allowance.take()) post({ kind: 'log', level, text: `${text}` });
}

function post(message: FromThread): void {
  parentPort?.postMessage(message);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}
