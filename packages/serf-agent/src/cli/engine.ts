// How the process of an agent is set. The program decides this, not the library: it holds for all of it.
// What has to be said before Node starts is said by bin/serf.

import { setFlagsFromString } from 'node:v8';

/**
 * The memory of packets is freed by the thread that asks for it. V8 would leave that to another one; with
 * tens of thousands of small buffers a second the two wait for each other in malloc, and a packet costs twice
 * as much.
 */
export function tuneForPackets(): void {
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
}

/** What bin/serf told malloc has been heard by now, and is not meant for what the agent starts. */
export function forgetMallocSettings(): void {
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_TRIM_THRESHOLD_;
}
