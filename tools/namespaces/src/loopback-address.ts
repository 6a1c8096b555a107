// The least of a machine of one's own: a loopback address that nobody else uses. 127.0.0.0/8 has so many that
// tests which run at the same time do not draw the same one.

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A loopback address on which none of these ports is taken. */
export async function loopbackAddress(ports: readonly number[]): Promise<string> {
  for (;;) {
    const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
    const free = await Promise.all(ports.map((port) => isFree(address, port)));
    if (free.every(Boolean)) return address;
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen({ host, port, exclusive: true });
  const isListening = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}
