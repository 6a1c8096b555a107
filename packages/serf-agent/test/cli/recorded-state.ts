// The state of an agent, read from what a command was recorded to print about it.

import type { Transcript } from '@reeve/golden';
import type { Member, QueryHandlers, Tags } from '@reeve/serf/core';
import { FakeAgent, keyOutcome, member, queryEvent, userEvent } from '../rpc/fake-agent.ts';

/** An agent of the recorded cluster; the names are its members, the first is its own. */
export function agentOf(...names: string[]): FakeAgent {
  const agent = new FakeAgent();
  agent.memberList = (names.length > 1 ? names : memberNames).map((name, index) =>
    member(name, `127.0.7.${index + 1}`),
  );
  agent.statistics = new Map([['agent', new Map([['name', names[0] ?? '']])]]);
  agent.ownTags = new Map([['role', 'web']]);
  for (const [name, height] of Object.entries(heights)) {
    agent.coordinates.set(name, { vec: Array(8).fill(0), error: 1, adjustment: 0, height });
  }
  agent.onQuery = (handlers) => handlers.onDone();
  agent.keyOutcome = keyOutcome({});
  return agent;
}

const memberNames = ['alpha', 'beta', 'gamma'];
/** Half the recorded round trip times, so that the sums are what `serf rtt` printed. */
const heights = { alpha: 0.0001765, beta: 0.0002035, gamma: 0.0001415, fromfile: 0.00001 };

/** The members a listing shows, in its order and with their tags in its order. */
export function membersIn({ stdout, argv }: Transcript): Member[] {
  const shown =
    stdout.includes('{') && argv.some((word) => word.endsWith('json')) ? fromJson(stdout) : fromText(stdout);
  // Filters leave members out: these are there too.
  const hidden = [
    member('delta', '127.0.7.4', { tags: new Map([['role', 'tmp']]), status: 'left' }),
    member('epsilon', '127.0.7.5', {
      tags: new Map([
        ['dc', 'west'],
        ['role', 'cache'],
      ]),
      status: 'left',
    }),
  ];
  return argv.some((word) => /^-(name|status|role|tag)/.test(word)) ? [...shown, ...hidden] : shown;
}

function fromJson(stdout: string): Member[] {
  const { members } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { members: JsonMember[] | null };
  return (members ?? []).map(({ name, addr, port, tags, status, protocol }) => ({
    ...member(name, addr.slice(0, addr.lastIndexOf(':'))),
    port,
    tags: new Map(Object.entries(tags)),
    status,
    delegateMin: protocol.min,
    delegateMax: protocol.max,
    delegateCur: protocol.version,
  }));
}

interface JsonMember {
  readonly name: string;
  readonly addr: string;
  readonly port: number;
  readonly tags: Record<string, string>;
  readonly status: Member['status'];
  readonly protocol: { readonly min: number; readonly max: number; readonly version: number };
}

function fromText(stdout: string): Member[] {
  const lines = stdout.split('\n').filter((line) => /:\d+ {2}/.test(line));
  return lines.map((line) => {
    const [, head = '', , current = '5'] =
      /^(.*?)( {2}Protocol Version: (\d))?( {2}Available.*)?$/.exec(line) ?? [];
    const [, name = '', host = '', status = '', tags = ''] =
      /^(\S+) +(\S+):\d+ +(\w+) *(.*?) *$/.exec(head) ?? [];
    return member(name, host, {
      tags: tagsIn(tags),
      status: status as Member['status'],
      delegateCur: Number(current),
    });
  });
}

/** A `|` in a tag makes a column of its own. */
function tagsIn(text: string): Tags {
  const pairs = text
    .replace('  ', '|')
    .split(',')
    .filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => pair.split('=') as [string, string]));
}

/** The sections of `serf info`. */
export function infoIn({ stdout }: Transcript): Map<string, Map<string, string>> {
  if (stdout.startsWith('{')) {
    const sections = JSON.parse(stdout) as Record<string, Record<string, string>>;
    return new Map(Object.entries(sections).map(([name, values]) => [name, new Map(Object.entries(values))]));
  }
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of stdout.trimEnd().split('\n')) {
    const [, name, key = '', value = ''] = /^(?:(\S+):|\t(.*?) = (.*))$/.exec(line) ?? [];
    if (name === undefined) section.set(key, value);
    else {
      section = new Map();
      sections.set(name, section);
    }
  }
  return sections;
}

/** The error an agent answered with, which is printed behind what the command was about to do. */
export function failureIn({ stdout }: Transcript): Error {
  const [, text = ''] = /^Error [a-z ]+: (.*)\n$/s.exec(stdout) ?? [];
  return new Error(text);
}

/** What the members said to a request about keys. */
export function keysIn({ stdout }: Transcript): Parameters<typeof keyOutcome>[0] {
  const messages = new Map<string, string>();
  for (const [, node = '', message = ''] of stdout.matchAll(/^failed: +(\S+) +(.*)$/gm))
    messages.set(node, message);
  const keys = new Map<string, number>();
  for (const [, key = '', nodes = ''] of stdout.matchAll(/^(\S+) +\[(\d)\/3\]$/gm))
    keys.set(key, Number(nodes));
  const [, error] = /^(?:Error|Failed) [a-z ]+: (.*)$/m.exec(stdout) ?? [];
  return { messages, keys, nodes: 3, ...(error === undefined ? {} : { error }) };
}

/** Lets the acks and answers come in the recorded order, and then ends the query. */
export function playQuery({ stdout }: Transcript): (handlers: QueryHandlers) => void {
  return (handlers) => {
    if (stdout.startsWith('{')) playJsonQuery(stdout, handlers);
    else {
      for (const [, ack, from = '', answer = ''] of stdout.matchAll(queryLine)) {
        if (ack !== undefined) handlers.onAck(ack);
        else handlers.onResponse(from, new TextEncoder().encode(`${answer}\n`));
      }
    }
    handlers.onDone();
  };
}

/** The members that the test counted; where it names nobody, all have answered. */
export function playReachability(agent: FakeAgent, recorded: Transcript): void {
  const named = [...recorded.stdout.matchAll(/^\t(?:Ack from ')?(\w+)'?$/gm)].map(([, name = '']) => name);
  const count = Number(/Total members: (\d)/.exec(recorded.stdout)?.[1]);
  const names = named.length > 0 ? named : memberNames.slice(0, count);
  agent.memberList = names.map((name, index) => member(name, `127.0.7.${index + 1}`));
  const allAnswer = (handlers: QueryHandlers): void => {
    for (const name of names) handlers.onAck(name);
    handlers.onDone();
  };
  agent.onQuery = named.length > 0 ? playQuery(recorded) : allAnswer;
}

function playJsonQuery(stdout: string, handlers: QueryHandlers): void {
  const { Acks, Responses } = JSON.parse(stdout) as {
    Acks: string[] | null;
    Responses: Record<string, string>;
  };
  for (const from of Acks ?? []) handlers.onAck(from);
  for (const [from, answer] of Object.entries(Responses).reverse()) {
    handlers.onResponse(from, new TextEncoder().encode(answer));
  }
}

const queryLine = /^\t?(?:Ack from '(.*)'|Response from '(.*)': (.*))$/gm;

/**
 * Logs the recorded lines and lets the recorded events happen, once the monitor has begun; then calls `end`.
 */
export function playMonitor(agent: FakeAgent, { stdout }: Transcript, end: () => void): void {
  const subscribe = agent.onLog.bind(agent);
  agent.onLog = (listener) => {
    setTimeout(() => {
      const shown = stdout.replace(/\n\nRemote side ended[\s\S]*$/, '\n');
      for (const [piece] of shown.matchAll(
        /Event Info:\n(?:\t.*\n)+|\d{4}\/[\s\S]*?\n(?=\d{4}\/|Event Info|$)/g,
      )) {
        if (piece.startsWith('Event')) agent.emit(eventIn(piece));
        else agent.log(piece.slice(0, -1));
      }
      setTimeout(end, 100);
    }, 20);
    return subscribe(listener);
  };
}

function eventIn(block: string) {
  const [, kind = ''] = /\tEvent: "(.*)"/.exec(block) ?? [];
  if (kind === 'user') return userEvent('deploy', 'v1', 1, true);
  if (kind === 'query') return queryEvent('load', 'hi', 1);
  const status = kind === 'member-failed' ? 'failed' : 'alive';
  const mo2 = member('mo2', '127.0.7.132', { tags: new Map([['role', 'db']]), status });
  return { kind: kind as 'member-join' | 'member-failed', members: [mo2] };
}
