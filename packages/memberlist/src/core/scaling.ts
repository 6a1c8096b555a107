// How effort grows with the cluster. Upstream: memberlist util.go (retransmitLimit, pushPullScale) and
// suspicion.go (suspicionTimeout); the reference vectors are in the tests. Next: broadcast-queue.ts,
// suspicion.ts.

/** How often one broadcast is sent: `mult × ceil(log10(nodes + 1))`. */
export function retransmitLimit(mult: number, nodes: number): number {
  return mult * Math.ceil(Math.log10(nodes + 1));
}

/** The push/pull interval: unchanged up to 32 nodes, then longer by its own length with every doubling. */
export function pushPullInterval(intervalMs: number, nodes: number): number {
  if (nodes <= pushPullScaleNodes) return intervalMs;
  return intervalMs * (Math.ceil(Math.log2(nodes) - Math.log2(pushPullScaleNodes)) + 1);
}

/** The shortest time a suspicion lasts. The logarithm is cut to thousandths, as upstream. */
export function suspicionTimeoutMs(mult: number, nodes: number, probeIntervalMs: number): number {
  const nodeScale = Math.max(1, Math.log10(Math.max(1, nodes)));
  return (mult * Math.trunc(nodeScale * 1_000) * probeIntervalMs) / 1_000;
}

const pushPullScaleNodes = 32;
