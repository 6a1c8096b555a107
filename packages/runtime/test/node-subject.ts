// The Node runtime as a subject of the conformance suite: on loopback, with a directory of its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Endpoint, type Network, silentLog } from '@reeve/runtime';
import type { ConformanceSubject } from '@reeve/runtime/conformance';
import { createNodeRuntime } from '@reeve/runtime/node';

/** `silent` is an endpoint that does not answer dials. */
export function nodeSubject(silent: Endpoint): ConformanceSubject {
  return {
    name: 'node',
    async create() {
      const directory = await mkdtemp(join(tmpdir(), 'reeve-runtime-'));
      const runtime = createNodeRuntime({ log: silentLog });
      const { network, closeAll } = closable(runtime.network);
      return {
        runtime: { ...runtime, network },
        host: '127.0.0.1',
        foreignHost: '1.2.3.4',
        silent,
        known: { name: 'localhost', address: '127.0.0.1' },
        directory,
        passUntil,
        async close() {
          closeAll();
          await rm(directory, { recursive: true });
        },
      };
    },
  };
}

/** Lets the event loop turn; real time passes by itself. */
export async function passUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await nextTurn();
  }
  return true;
}

/** The same network, which remembers what has to be closed. */
function closable(network: Network): { network: Network; closeAll: () => void } {
  const opened: (() => void)[] = [];
  const remembering: Network = {
    ...network,
    bindPackets: (at, onPacket, done) =>
      network.bindPackets(at, onPacket, (result) => {
        if (result.ok) opened.push(() => result.value.close());
        done(result);
      }),
    listen: (at, accept, done) =>
      network.listen(
        at,
        (stream) => {
          opened.push(() => stream.destroy());
          return accept(stream);
        },
        (result) => {
          if (result.ok) opened.push(() => result.value.close());
          done(result);
        },
      ),
    dial: (to, timeoutMs, handler) => {
      const stream = network.dial(to, timeoutMs, handler);
      opened.push(() => stream.destroy());
      return stream;
    },
  };
  return {
    network: remembering,
    closeAll: () => {
      for (const close of opened) close();
    },
  };
}
