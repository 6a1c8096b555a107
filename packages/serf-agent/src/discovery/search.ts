// One search: asks all over every family, listens for a second, and tells each complete host. A search that
// can be sent nowhere fails; one that reaches IPv4 alone, or IPv6, goes on (in the original one family
// without a route ends every search). Upstream: hashicorp/mdns client.go. Next: entries.ts.

import { setTimeout as sleep } from 'node:timers/promises';
import { DecodeError } from '@reeve/bytes';
import type { Endpoint, Random } from '@reeve/runtime';
import { EntryCollector } from './entries.ts';
import { type Family, failureText, type MulticastSocket, openAsker, type Sender } from './multicast.ts';
import { decodeAnswer, encodeQuery } from './wire/message.ts';

/** What a search needs. */
export interface SearchOptions {
  readonly service: string;
  readonly families: readonly Family[];
  /** The name of an interface; empty: the system chooses. */
  readonly onInterface: string;
  readonly random: Random;
  readonly onHost: (host: Endpoint) => void;
  /** A packet that is no DNS message. */
  readonly onMalformed: (from: Sender, error: DecodeError) => void;
}

/** Asks, and returns when the time for answers is over or `signal` aborts. Rejects if it can ask nobody. */
export async function search(options: SearchOptions, signal: AbortSignal): Promise<void> {
  const collector = new EntryCollector(options.service);
  const sockets: MulticastSocket[] = [];
  const failures: string[] = [];
  const query = encodeQuery(options.random.below(idCount), options.service);
  try {
    for (const family of options.families) {
      const socket = await askOver(family, query, collector, options).catch((error) => {
        failures.push(failureText(family, error));
      });
      if (socket !== undefined) sockets.push(socket);
    }
    if (sockets.length === 0) throw new Error(failures.join(', '));
    await sleep(listenMs, undefined, { signal }).catch(() => {}); // aborted
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function askOver(
  family: Family,
  query: Uint8Array,
  collector: EntryCollector,
  options: SearchOptions,
): Promise<MulticastSocket> {
  const socket = await openAsker(family, options.onInterface);
  socket.onPacket((packet, from) => {
    try {
      onPacket(packet, socket, collector, options);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      options.onMalformed(from, error);
    }
  });
  try {
    await socket.ask(query);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function onPacket(
  packet: Uint8Array,
  socket: MulticastSocket,
  collector: EntryCollector,
  { random, onHost }: SearchOptions,
): void {
  const { hosts, incomplete } = collector.take(decodeAnswer(packet) ?? []);
  for (const host of hosts) onHost(host);
  for (const name of incomplete) askFor(name, socket, random).catch(() => {}); // lost, as packets are
}

async function askFor(name: string, socket: MulticastSocket, random: Random): Promise<void> {
  await socket.ask(encodeQuery(random.below(idCount), name));
}

const idCount = 0x1_0000;
const listenMs = 1_000;
