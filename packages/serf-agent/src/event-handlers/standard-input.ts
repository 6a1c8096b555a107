// What a handler reads from its standard input: a line for each member, or the payload.
// Upstream: cmd/serf/command/agent/invoke.go (memberEventStdin, streamPayload). Next: script-run.ts.

import { concatBytes, encodeText } from '@reeve/bytes';
import type { Member, SerfEvent } from '@reeve/serf/core';

/**
 * The bytes to feed a handler. A payload gets a line end if it has none, because `read` of most shells
 * needs it.
 */
export function handlerInput(event: SerfEvent): Uint8Array {
  if ('members' in event) return encodeText(event.members.map(memberLine).join(''));
  const { payload } = event;
  if (payload.length === 0 || payload.at(-1) === lineEnd) return payload;
  return concatBytes([payload, Uint8Array.of(lineEnd)]);
}

// NAME, address, role and tags between tabs; tags as k=v,k=v. The port is not told.
function memberLine(member: Member): string {
  const tags = [...member.tags].map(([name, value]) => `${name}=${value}`).join(',');
  const columns = [member.name, member.host, member.tags.get('role') ?? '', tags];
  return `${columns.map(oneColumn).join('\t')}\n`;
}

// A member chooses its own name and tags; it must not be able to forge further columns or lines.
function oneColumn(value: string): string {
  return value.replaceAll('\t', '\\t').replaceAll('\n', '\\n');
}

const lineEnd = 0x0a;
