// Loaded into an agent before its program (`node --import`): tells whoever asks how much memory is held after
// a collection, and the longest turn of the event loop since it was asked last.
// A turn counts by the time it took or the processor time that was spent meanwhile, whichever is less: on a
// busy machine a process waits, and that is not the agent's doing. Next: probed-agent.ts, which asks.

import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the probe answers. */
export interface ProbeAnswer {
  /** On V8's heap and in buffers beside it, after a collection. */
  readonly heldBytes: number;
  /** The longest turn, in milliseconds. */
  readonly longestTurnMs: number;
}

setFlagsFromString('--expose-gc'); // no option that NODE_OPTIONS may have
const collect = runInNewContext('gc') as () => void;
const folder = process.env.REEVE_PROBE_FOLDER;
if (folder === undefined) throw new Error('REEVE_PROBE_FOLDER is not set');

const lookMs = 5;
let longestTurnMs = 0;
let lastLook = look();
setInterval(() => {
  const now = look();
  const turnMs = Math.min(now.timeMs - lastLook.timeMs, now.processorMs - lastLook.processorMs) - lookMs;
  longestTurnMs = Math.max(longestTurnMs, turnMs);
  lastLook = now;
}, lookMs).unref();

createServer((socket) => {
  const turnMs = longestTurnMs;
  collect();
  collect(); // what the first one finalized
  const { heapUsed, external } = process.memoryUsage();
  const answer: ProbeAnswer = { heldBytes: heapUsed + external, longestTurnMs: turnMs };
  socket.on('error', () => {}); // who asked has gone
  socket.end(JSON.stringify(answer));
  lastLook = look();
  longestTurnMs = 0;
})
  .listen(`${folder}/${process.pid}`)
  .unref();

function look(): { timeMs: number; processorMs: number } {
  const { user, system } = process.cpuUsage();
  return { timeMs: performance.now(), processorMs: (user + system) / 1_000 };
}
