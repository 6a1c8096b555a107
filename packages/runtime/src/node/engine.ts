// How the process of an agent is set. The program decides this, not the library: it holds for all of it.
// What has to be said before Node starts is said by bin/serf and bin/consul.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The memory of packets is freed by the thread that asks for it. V8 would leave that to another one; with
 * tens of thousands of small buffers a second the two wait for each other in malloc, and a packet costs twice
 * as much.
 */
export function tuneForPackets(): void {
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
}

/** What bin/serf or bin/consul told malloc has been heard, and is not meant for what the agent starts. */
export function forgetMallocSettings(): void {
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_TRIM_THRESHOLD_;
  delete process.env.MALLOC_TOP_PAD_;
}

/**
 * Frees what only the start has needed: objects that V8 took for lasting, and the compiled form of functions
 * (those that run again are compiled again). What is left moves together, so that whole pages go. By itself
 * V8 waits until little happens, and then leaves most pages where they are. Everything stops: for 5 MiB, some
 * 15 ms.
 */
export function collectStart(): void {
  for (const flag of collectorFlags) setFlagsFromString(`--${flag}`);
  (runInNewContext('gc') as () => void)();
  for (const flag of collectorFlags) setFlagsFromString(`--no-${flag}`);
}

const collectorFlags = ['expose-gc', 'compact-on-every-full-gc', 'stress-flush-code'];
