// A TCP port on loopback where dials get no answer at all.
//
// A thread listens with the shortest backlog and then never runs again; once the backlog is full, Linux drops
// further handshakes without a word.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Endpoint } from '@reeve/runtime';

/** Opens such a port; it is silent until it is closed. */
export async function openSilentPort(): Promise<{ endpoint: Endpoint; close(): Promise<void> }> {
  const worker = new Worker(listenAndSleep, { eval: true });
  const [port] = await once(worker, 'message');
  const endpoint = { host: '127.0.0.1', port: Number(port) };
  const fillers: Socket[] = [];
  do {
    fillers.push(connect(endpoint));
  } while (await connects(fillers.at(-1)));
  const close = async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  };
  return { endpoint, close };
}

async function connects(socket: Socket | undefined): Promise<boolean> {
  if (socket === undefined) return false;
  socket.on('error', () => {});
  return Promise.race([once(socket, 'connect').then(() => true), delay(200, false)]);
}

const listenAndSleep = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
