// How V8 is set for an agent. The program decides this, not the library: it holds for the whole process.

import { setFlagsFromString } from 'node:v8';

/**
 * The memory of packets is freed by the thread that asks for it. V8 would leave that to another one; with
 * tens of thousands of small buffers a second the two wait for each other in malloc, and a packet costs twice
 * as much.
 */
export function tuneForPackets(): void {
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
}
