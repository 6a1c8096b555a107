// Handlers without an agent: members made by hand, and a context that remembers what is logged.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { HandlerContext, Member, MemberEvent, SetupContext } from '@reeve/handler-api';

/** Makes a member. */
export function member(
  name: string,
  host: string,
  tags: Readonly<Record<string, string>> = {},
  status: Member['status'] = 'alive',
): Member {
  return { name, host, port: 7946, tags: new Map(Object.entries(tags)), status };
}

/** What a handler is called with while these are the members. */
export function contextOf<State>(
  state: State,
  members: readonly Member[],
  signal: AbortSignal = new AbortController().signal,
): HandlerContext<State> & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  const log = { debug: write, info: write, warn: write, error: write };
  return { state, self: member('self', '127.0.0.1'), members: async () => members, log, signal, lines };
}

/** What `setup` is called with. */
export const setupContext: SetupContext = {
  nodeName: 'self',
  log: { debug() {}, info() {}, warn() {}, error() {} },
};

/** Some event about members, for handlers that only look at the members of the moment. */
export const someEvent: MemberEvent = { kind: 'member-join', members: [] };

/** An empty folder that is gone after the test. */
export async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
