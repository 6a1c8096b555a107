// Members as the servers of an HAProxy backend. Members choose their names and tags themselves, so nothing
// of theirs gets into the file that could end a line or be a word of its own.

import { isIP } from 'node:net';
import type { Member } from '@reeve/handler-api';

/** How the backend looks. */
export interface BackendOptions {
  /** The tag `role` of the members that serve. */
  readonly role: string;
  /** The name of the backend. */
  readonly backend: string;
  /** The port they serve on, */
  readonly port: number;
  /** unless they have a tag of this name that holds one. */
  readonly portTag: string | undefined;
  /** What stands at the end of each server line. */
  readonly serverOptions: string;
  /** What stands before the servers: `balance leastconn`. */
  readonly lines: readonly string[];
}

/** A section for HAProxy's configuration. */
export function renderBackend(
  members: readonly Member[],
  options: BackendOptions,
): { text: string; serverCount: number } {
  const serving = members
    .filter(({ host, tags, status }) => status === 'alive' && tags.get('role') === options.role && isIP(host))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = serverNames(serving);
  const servers = serving.map((member, at) => {
    const host = isIP(member.host) === 6 ? `[${member.host}]` : member.host;
    return `server ${names[at]} ${host}:${portOf(member, options)} ${options.serverOptions}`.trimEnd();
  });
  const lines = [...options.lines, ...servers].map((line) => `    ${line}\n`);
  const head = `# Written by reeve; changes will be overwritten.\nbackend ${options.backend}\n`;
  return { text: `${head}${lines.join('')}`, serverCount: servers.length };
}

// Two names may become one when what HAProxy does not allow is replaced; later ones then get a number.
function serverNames(members: readonly Member[]): string[] {
  const taken = new Set<string>();
  return members.map((member) => {
    const name = member.name.replace(/[^A-Za-z0-9_.:-]/gu, '_');
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}

function portOf({ tags }: Member, { port, portTag }: BackendOptions): number {
  const text = portTag === undefined ? undefined : tags.get(portTag);
  if (text === undefined || !/^[1-9]\d{0,4}$/.test(text)) return port;
  return Number(text) <= 65_535 ? Number(text) : port;
}
