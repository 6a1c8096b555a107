// Nodes on this machine: any free port, timing for one machine, down when the test is over.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createSerf, type SerfNode, type SerfOptions } from '@reeve/serf';

/** A node that lives as long as the test. */
export async function start(t: TestContext, name: string, options: SerfOptions = {}): Promise<SerfNode> {
  const node = await createSerf({ name, bind: '127.0.0.1:0', profile: 'local', ...options });
  t.after(() => node.close({ leave: false }));
  return node;
}

/** Nodes that all know each other. */
export async function startCluster(
  t: TestContext,
  names: readonly string[],
  options: SerfOptions = {},
): Promise<SerfNode[]> {
  const nodes: SerfNode[] = [];
  for (const name of names) nodes.push(await start(t, name, { ...options, join: nodes.map(addressOf) }));
  await eventually('all know all', () => nodes.every((node) => aliveIn(node).length === names.length));
  return nodes;
}

/** Where a node is joined. */
export function addressOf({ self }: SerfNode): string {
  return `${self.host}:${self.port}`;
}

/** The names of the members a node takes for alive, sorted. */
export function aliveIn(node: SerfNode): string[] {
  const alive = node.members().filter(({ status }) => status === 'alive');
  return alive.map(({ name }) => name).sort();
}

/** Waits until a condition holds. */
export async function eventually(what: string, condition: () => boolean, withinMs = 60_000): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!condition()) {
    assert.ok(performance.now() < deadlineMs, `within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

/**
 * Asks until what is asked and checked does not throw: an answer is one packet, sent once, and a busy machine
 * may be too late with it.
 */
export async function asked(ask: () => Promise<void>, triesLeft = 5): Promise<void> {
  return ask().catch((error: unknown) => {
    if (triesLeft === 1) throw error;
    return asked(ask, triesLeft - 1);
  });
}

/** Everything a loop gives. */
export async function collect<Item>(loop: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of loop) items.push(item);
  return items;
}

/** The timers, sockets and files that the process has and did not have before. */
export function newSince(before: readonly string[]): string[] {
  const old = [...before];
  return process.getActiveResourcesInfo().filter((name) => {
    const place = old.indexOf(name);
    if (place >= 0) old.splice(place, 1);
    return place < 0;
  });
}
