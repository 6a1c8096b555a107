// Listening and dialling over node:net, with the settings that Go gives its sockets: no delay, keep-alive
// after 15 s, and a backlog as long as the system allows.

import { existsSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { dirname } from 'node:path';
import { acceptFailure, dialFailure, dialTimeout, pathFailure } from '../failures.ts';
import type { Endpoint, Listener, NetworkError, NetworkStream, Result, StreamHandler } from '../network.ts';
import { isEndpoint, unmapped } from './addresses.ts';
import { bindSocket, type OpenSocket } from './binding.ts';
import { NodeStream } from './stream.ts';
import { errorCode } from './system-error.ts';
import { delayMsMax } from './timers.ts';

/** `Network.listen`. */
export function listen(
  at: Endpoint,
  accept: (stream: NetworkStream) => StreamHandler,
  done: (result: Result<Listener, NetworkError>) => void,
  onFailure?: (error: NetworkError) => void,
): void {
  const open: OpenSocket<Listener> = (host, onOpen, onError) => {
    const server = createServer(streamOptions);
    server.once('error', onError);
    server.once('listening', () => {
      server.off('error', onError);
      const local = { host: at.host, port: portOf(server) };
      server.on('error', (error) => onFailure?.(acceptFailure(local, errorCode(error), error)));
      server.on('connection', (socket) => acceptStream(socket, accept));
      onOpen({ local, close: () => server.close() });
    });
    process.nextTick(() => server.listen({ host, port: at.port, exclusive: true, backlog }));
  };
  bindSocket('tcp', at, open, done);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
  return address.port;
}

function acceptStream(socket: Socket, accept: (stream: NetworkStream) => StreamHandler): void {
  const { remoteAddress = '', remotePort = 0 } = socket;
  const stream = new NodeStream(socket, { host: unmapped(remoteAddress), port: remotePort });
  stream.onConnected();
  stream.attach(accept(stream));
}

/**
 * Listens at the path of a Unix socket, which only a real machine has; otherwise as `Network.listen`. Whoever
 * connects has an empty host.
 */
export function listenAtPath(
  path: string,
  accept: (stream: NetworkStream) => StreamHandler,
  done: (result: Result<Pick<Listener, 'close'>, NetworkError>) => void,
): void {
  const server = createServer(streamOptions);
  server.once('error', (error) => {
    const code = errorCode(error);
    // libuv says of a folder that is not there that it may not be used, as Windows does.
    const isMissing = code === 'EACCES' && !existsSync(dirname(path));
    done({ ok: false, error: pathFailure(path, isMissing ? 'ENOENT' : code, error) });
  });
  server.once('listening', () => {
    server.on('connection', (socket) => acceptStream(socket, accept));
    done({ ok: true, value: { close: () => server.close() } });
  });
  server.listen({ path, backlog });
}

/** `Network.dial`. */
export function dial(to: Endpoint, timeoutMs: number, handler: StreamHandler): NetworkStream {
  const { allowHalfOpen, noDelay, keepAlive, keepAliveInitialDelay } = streamOptions;
  const socket = new Socket({ allowHalfOpen });
  socket.setNoDelay(noDelay).setKeepAlive(keepAlive, keepAliveInitialDelay); // `connect` does not read them
  const stream = new NodeStream(socket, to);
  stream.attach(handler);
  const timeout = setTimeout(() => socket.destroy(dialTimeout(to)), Math.min(timeoutMs, delayMsMax));
  socket.once('close', () => clearTimeout(timeout));
  socket.once('connect', () => {
    clearTimeout(timeout);
    stream.onConnected();
  });
  if (isEndpoint(to)) socket.connect({ host: to.host, port: to.port });
  else socket.destroy(dialFailure(to, 'EINVAL'));
  return stream;
}

const streamOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 };

/** Linux cuts it to net.core.somaxconn. */
const backlog = 4096;
