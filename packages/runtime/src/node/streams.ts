// Listening and dialling over node:net, with the settings that Go gives its sockets: no delay, keep-alive
// after 15 s, and a backlog as long as the system allows.

import { createServer, Socket } from 'node:net';
import { bindFailure, dialTimeout } from '../failures.ts';
import type { Endpoint, Listener, NetworkError, Result, Stream, StreamHandler } from '../network.ts';
import { unmapped } from './addresses.ts';
import { NodeStream } from './stream.ts';
import { errorCode } from './system-error.ts';
import { delayMsMax } from './timers.ts';

/** `Network.listen`. */
export function listen(
  at: Endpoint,
  accept: (stream: Stream) => StreamHandler,
  done: (result: Result<Listener, NetworkError>) => void,
): void {
  const server = createServer(streamOptions);
  const fail = (error: unknown) =>
    done({ ok: false, error: bindFailure('tcp', at, errorCode(error), error) });
  server.once('error', fail);
  server.once('listening', () => {
    server.off('error', fail);
    // Accepting fails when files run out; the listener goes on and so does the dialler, who will try again.
    server.on('error', () => {});
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('a TCP listener has an address');
    server.on('connection', (socket) => acceptStream(socket, accept));
    const local = { host: unmapped(bound.address), port: bound.port };
    done({ ok: true, value: { local, close: () => server.close() } });
  });
  process.nextTick(() => server.listen({ host: at.host, port: at.port, exclusive: true, backlog }));
}

function acceptStream(socket: Socket, accept: (stream: Stream) => StreamHandler): void {
  const { remoteAddress = '', remotePort = 0 } = socket;
  const stream = new NodeStream(socket, { host: unmapped(remoteAddress), port: remotePort });
  stream.onConnected();
  stream.attach(accept(stream));
}

/** `Network.dial`. */
export function dial(to: Endpoint, timeoutMs: number, handler: StreamHandler): Stream {
  const socket = new Socket({ allowHalfOpen: true });
  const stream = new NodeStream(socket, to);
  stream.attach(handler);
  const timeout = setTimeout(() => socket.destroy(dialTimeout(to)), Math.min(timeoutMs, delayMsMax));
  socket.once('close', () => clearTimeout(timeout));
  socket.once('connect', () => {
    clearTimeout(timeout);
    stream.onConnected();
  });
  connect(socket, to);
  return stream;
}

/** Node throws at impossible ports, which a peer may have told us. */
function connect(socket: Socket, to: Endpoint): void {
  try {
    socket.connect({ host: to.host, port: to.port, ...streamOptions });
  } catch (error) {
    socket.destroy(error instanceof Error ? error : undefined);
  }
}

const streamOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 };

/** Linux cuts it to net.core.somaxconn. */
const backlog = 4096;
