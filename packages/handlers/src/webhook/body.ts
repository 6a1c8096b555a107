// An event as JSON.

import type { HandlerEvent, Member } from '@reeve/handler-api';

/** What is posted for an event that `self` has seen. */
export function eventBody(event: HandlerEvent, self: Member): Readonly<Record<string, unknown>> {
  const node = self.name;
  if ('members' in event) return { node, event: event.kind, members: event.members.map(memberBody) };
  const { kind, name, lTime, payload } = event;
  const body = { node, event: kind, name, ltime: lTime, ...payloadBody(payload) };
  return event.kind === 'query' ? { ...body, asked_by: event.sourceNode } : body;
}

function memberBody({ name, host, port, status, tags }: Member): Readonly<Record<string, unknown>> {
  return { name, address: host, port, status, tags: Object.fromEntries(tags) };
}

// As text if it is one; the bytes are always there.
function payloadBody(payload: Uint8Array): Readonly<Record<string, string>> {
  const bytes = { payload_base64: Buffer.from(payload).toString('base64') };
  try {
    return { payload: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload), ...bytes };
  } catch {
    return bytes;
  }
}
