// What event handlers were given. One script writes each event as a line to a file, payload in hex, so that a
// test can tell which events each agent delivered, in which order, how often, and byte for byte.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from './agent.ts';
import type { Cluster } from './cluster.ts';

/** An event as a handler got it. */
export interface HandledEvent {
  /** `user`, `member-join` … */
  readonly type: string;
  /** The user event's name; empty for others. */
  readonly name: string;
  /** The handler's stdin in hex. */
  readonly stdin: string;
}

/** The handlers' logs of one cluster. */
export class EventLog {
  /** The flag that makes an agent write its user events here. */
  readonly flag: string;
  readonly #folder: string;

  constructor(cluster: Cluster) {
    this.#folder = cluster.folder;
    const script = join(cluster.folder, 'handler.sh');
    writeFileSync(script, handlerScript(cluster.folder), { mode: 0o755 });
    this.flag = `-event-handler=user=${script}`;
  }

  /** All events that an agent's handler has been given so far, in order. */
  of(agent: Agent): HandledEvent[] {
    const file = join(this.#folder, `${agent.name}.events`);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => {
      const [type = '', name = '', stdin = ''] = line.split(' ');
      return { type, name, stdin };
    });
  }
}

/** The hex of what a handler reads: agents end a payload with a line end unless it has one or is empty. */
export function stdinHex(payload: Uint8Array): string {
  const hex = Buffer.from(payload).toString('hex');
  return payload.length === 0 || payload.at(-1) === 0x0a ? hex : `${hex}0a`;
}

function handlerScript(folder: string): string {
  return [
    '#!/bin/sh',
    "payload=$(od -An -v -tx1 | tr -d ' \\n')",
    `printf '%s %s %s\\n' "$SERF_EVENT" "$SERF_USER_EVENT" "$payload" >> "${folder}/$SERF_SELF_NAME.events"`,
    '',
  ].join('\n');
}
