// The alive message about a node, as a broadcast. Next: wire/messages.ts.

import { parseIp } from '@reeve/bytes';
import type { Machine } from './machine.ts';
import type { MemberNode, Versions } from './node.ts';
import { type Alive, aliveCodec, encodeMessage } from './wire/messages.ts';

/** The alive message that describes `node`. */
export function aliveMessage(node: MemberNode): Alive {
  return {
    incarnation: node.incarnation,
    node: node.name,
    address: parseIp(node.host) ?? new Uint8Array(0),
    port: node.port,
    meta: node.meta,
    versions: encodeVersions(node.versions),
  };
}

/** Queues the alive message about `node`; it replaces the queued broadcast of the same name. */
export function broadcastAlive(
  machine: Machine,
  node: MemberNode,
  options: { readonly name: string; readonly finished?: (() => void) | undefined },
): void {
  machine.broadcasts.queue({ message: encodeMessage('alive', aliveCodec, aliveMessage(node)), ...options });
}

/** The six bytes of a version vector. */
export function encodeVersions(versions: Versions): Uint8Array {
  const { pMin, pMax, pCur, dMin, dMax, dCur } = versions;
  return new Uint8Array([pMin, pMax, pCur, dMin, dMax, dCur]);
}

/** A version vector from six bytes or more; undefined from fewer, which old or broken senders produce. */
export function decodeVersions(bytes: Uint8Array): Versions | undefined {
  const [pMin, pMax, pCur, dMin, dMax, dCur] = bytes;
  if (pMin === undefined || pMax === undefined || pCur === undefined) return undefined;
  if (dMin === undefined || dMax === undefined || dCur === undefined) return undefined;
  return { pMin, pMax, pCur, dMin, dMax, dCur };
}
