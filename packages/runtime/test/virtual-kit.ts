// Short hands for tests in the virtual world: bind, listen, dial, and what was heard.

import type { Endpoint, Listener, NetworkError, PacketSocket, Result, Stream } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';

/** A stream and what its handler was told. */
export interface Heard {
  stream: Stream;
  readonly events: string[];
  bytes: number;
  chunks: number;
}

/** Waits for the answer to a call. */
export function answer<T, E extends Error>(
  world: VirtualWorld,
  start: (done: (result: Result<T, E>) => void) => void,
): T {
  let answered: Result<T, E> | undefined;
  start((result) => {
    answered = result;
  });
  world.runUntil(() => answered !== undefined, 1_000);
  if (answered === undefined) throw new Error('no answer');
  if (!answered.ok) throw answered.error;
  return answered.value;
}

/** Binds a datagram socket and keeps what it receives as text. */
export function bindPackets(
  world: VirtualWorld,
  host: VirtualHost,
  at: Partial<Endpoint> = {},
): { socket: PacketSocket; received: string[] } {
  const received: string[] = [];
  const socket = answer<PacketSocket, NetworkError>(world, (done) =>
    host.runtime.network.bindPackets(
      { host: host.ip, port: 7946, ...at },
      (packet, from) => received.push(`${from.host}:${from.port} ${packet.join()}`),
      done,
    ),
  );
  return { socket, received };
}

/** Listens and keeps what the accepted streams hear. */
export function listen(
  world: VirtualWorld,
  host: VirtualHost,
  at: Partial<Endpoint> = {},
): { listener: Listener; accepted: Heard[] } {
  const accepted: Heard[] = [];
  const listener = answer<Listener, NetworkError>(world, (done) =>
    host.runtime.network.listen(
      { host: host.ip, port: 7946, ...at },
      (stream) => {
        const heard: Heard = { stream, events: [], bytes: 0, chunks: 0 };
        accepted.push(heard);
        return handlerOf(heard);
      },
      done,
    ),
  );
  return { listener, accepted };
}

/** Dials and keeps what the stream hears. */
export function dial(host: VirtualHost, to: Endpoint, timeoutMs = 1_000): Heard {
  const heard: Omit<Heard, 'stream'> = { events: [], bytes: 0, chunks: 0 };
  const dialled = heard as Heard;
  dialled.stream = host.runtime.network.dial(to, timeoutMs, handlerOf(dialled));
  return dialled;
}

function handlerOf(heard: Heard) {
  return {
    onOpen: () => heard.events.push('open'),
    onData: (chunk: Uint8Array) => {
      heard.bytes += chunk.length;
      heard.chunks++;
    },
    onEnd: () => heard.events.push('end'),
    onClosed: (error?: NetworkError) => heard.events.push(error === undefined ? 'closed' : error.message),
  };
}
