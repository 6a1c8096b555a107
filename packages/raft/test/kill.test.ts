// Real processes with real disks, killed under load: what was acknowledged is there, on all of them.

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LoopbackNetwork } from '@reeve/namespaces';
import { logDirectory } from './log-kit.ts';

const kills = Number(process.env.REEVE_RAFT_KILLS ?? 4);
/** Of our own, whoever else runs this test on this machine. */
const network = await LoopbackNetwork.claim();
const hosts = Array.from({ length: 3 }, () => network.nextAddress());

type Message =
  | { readonly kind: 'changed'; readonly isLeader: boolean; readonly term: number }
  | { readonly kind: 'state'; readonly texts: readonly string[] }
  | { readonly kind: 'written'; readonly text: string; readonly isOk: boolean };

/** A server that is started again after each death. */
class KilledServer {
  readonly #host: string;
  readonly #directory: string;
  readonly #onWritten: (text: string, isOk: boolean) => void;
  #process: ChildProcess | undefined;
  #onState: ((texts: readonly string[]) => void) | undefined;
  isLeader = false;
  term = 0;

  constructor(host: string, directory: string, onWritten: (text: string, isOk: boolean) => void) {
    this.#host = host;
    this.#directory = directory;
    this.#onWritten = onWritten;
  }

  start(): void {
    const program = fileURLToPath(new URL('children/server.js', import.meta.url));
    const child = fork(program, [this.#directory, this.#host, this.#host, hosts.join()]);
    child.on('message', (message: Message) => {
      if (child !== this.#process) return;
      if (message.kind === 'state') this.#onState?.(message.texts);
      else if (message.kind === 'written') this.#onWritten(message.text, message.isOk);
      else Object.assign(this, message);
    });
    this.#process = child;
  }

  /** Settles when it is dead: until then it has its directory and its port. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.isLeader = false;
    this.#process = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** The same, and starts it again. */
  async restart(): Promise<void> {
    await this.kill();
    await pause(300);
    this.start();
  }

  write(text: string): void {
    this.#process?.send(text);
  }

  state(): Promise<readonly string[]> {
    return new Promise((resolve) => {
      this.#onState = resolve;
      this.#process?.send('state');
    });
  }
}

async function until(what: string, condition: () => boolean): Promise<number> {
  const sinceMs = performance.now();
  while (!condition()) {
    assert.ok(performance.now() < sinceMs + 60_000, `${what} did not come`);
    await pause(2);
  }
  return performance.now() - sinceMs;
}

test(`${kills} times the leader is killed under load, and nothing acknowledged is lost`, async (t) => {
  const acknowledged = new Set<string>();
  let written = 0;
  let ended = 0;
  const servers = hosts.map((host) => {
    return new KilledServer(host, logDirectory(t), (text, isOk) => {
      ended++;
      if (isOk) acknowledged.add(text);
    });
  });
  const restarts: Promise<void>[] = [];
  t.after(async () => {
    await Promise.all(restarts);
    await Promise.all(servers.map((server) => server.kill()));
  });
  const leader = (): KilledServer | undefined => {
    const leaders = servers.filter(({ isLeader }) => isLeader);
    return leaders.toSorted((a, b) => b.term - a.term)[0];
  };
  for (const server of servers) server.start();
  const gapsMs: number[] = [];
  for (let kill = 0; kill <= kills; kill++) {
    const before = acknowledged.size;
    const writer = setInterval(() => {
      for (let i = 0; i < 4; i++) leader()?.write(`write ${++written}`);
    }, 2);
    gapsMs.push(await until('a write', () => acknowledged.size > before));
    await until('more writes', () => acknowledged.size > before + 200);
    clearInterval(writer);
    if (kill === kills) break;
    const victim = leader();
    if (victim !== undefined) restarts.push(victim.restart());
  }
  t.diagnostic(`${acknowledged.size} of ${written} writes acknowledged (${ended} ended)`);
  t.diagnostic(`first write after each death: ${gapsMs.slice(1).map(Math.round).join(' ')} ms`);
  await Promise.all(restarts);
  for (const server of servers) {
    let texts: readonly string[] = [];
    const endsAtMs = performance.now() + 30_000;
    while (!isSubset(acknowledged, texts) && performance.now() < endsAtMs) {
      texts = await server.state();
      await pause(50);
    }
    assert.ok(isSubset(acknowledged, texts), 'an acknowledged write is lost');
    assert.equal(new Set(texts).size, texts.length, 'a write was applied twice');
  }
});

function isSubset(some: ReadonlySet<string>, all: readonly string[]): boolean {
  const has = new Set(all);
  return [...some].every((it) => has.has(it));
}
