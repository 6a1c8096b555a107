// Who hears nobody judges nobody. Ours: Lifeguard (section IV) makes a member that misses answers wait longer
// before it accuses; but one that hears nothing at all, from anybody, has no reason left to accuse anyone: it
// stood still, or its network did. While that lasts, and for a moment after
//   - a failed probe counts against ourselves only (probe.ts)
//   - a suspicion that expires starts over (suspect.ts): what refutes it may lie in our socket
// Nothing of it is seen on the wire. Bounded: silence that lasts for as long as a suspicion may is believed,
// and where there are few others, who may well be gone all at once, it is believed at once.
// Next: silence.ts.

import type { Machine } from './machine.ts';
import { suspicionTimeoutMs } from './scaling.ts';
import { longSilenceMs } from './silence.ts';

/** Whether the fault is more likely to be ours than that of everybody else. */
export function doubtsItself({ config, table, silence }: Machine): boolean {
  const { lifeguard, suspicionMult, suspicionMaxTimeoutMult, probeIntervalMs } = config;
  if (!lifeguard.silence) return false;
  // The first packets of many have been read, perhaps; see the Node runtime's timers.
  const isJustOver = silence.overMs < probeIntervalMs;
  const { lastsMs } = silence;
  if (!isJustOver && lastsMs < longSilenceMs(probeIntervalMs)) return false;
  const patienceMs = suspicionMaxTimeoutMult * suspicionTimeoutMs(suspicionMult, table.size, probeIntervalMs);
  if (lastsMs >= patienceMs) return false;
  const others = table.nodes.filter(({ name, state }) => state === 'alive' && name !== config.name);
  return others.length >= othersMin;
}

/** As many as are asked to probe for us. */
const othersMin = 3;
