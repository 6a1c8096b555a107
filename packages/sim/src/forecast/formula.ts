// The classic estimate of how gossip spreads, as Serf's convergence page drew it: a logistic curve. After x
// rounds of gossip among n members this share of them knows:
//
//   share(x) = 1 / (1 + (n + 1) · e^(-c · n · x))      c = fanout / n · (1 - loss) · (1 - failed) · 0.5
//
// The page is gone; figures that were taken from it are left, and the formula gives them with the settings of
// a LAN (fanout 3, a round every 200 ms), no loss and no failures: 95 % and 99.99 % of 10 members after 0.71
// and 1.55 s, of 52 members after 0.92 and 1.76 s. It counts rounds only: latency, the limit of
// transmissions, and what rides on probes are not in it, and it never reaches everybody.

/** What the estimate depends on. */
export interface ClassicGossip {
  readonly members: number;
  /** How many members each one tells in a round. */
  readonly fanout: number;
  readonly intervalMs: number;
  /** The share of packets that get lost. */
  readonly loss: number;
  /** The share of members that do not listen. */
  readonly failed: number;
}

/** The share of members that is estimated to know after a time. */
export function classicShare(gossip: ClassicGossip, afterMs: number): number {
  const rounds = afterMs / gossip.intervalMs;
  return 1 / (1 + (gossip.members + 1) * Math.exp(-contactsPerRound(gossip) * rounds));
}

/** When a share of members, more than 0 and less than 1, is estimated to know; never before the start. */
export function classicTimeMs(gossip: ClassicGossip, share: number): number {
  const rounds = Math.log((gossip.members + 1) * (share / (1 - share))) / contactsPerRound(gossip);
  return Math.max(0, rounds * gossip.intervalMs);
}

/** c · n */
function contactsPerRound({ fanout, loss, failed }: ClassicGossip): number {
  return fanout * (1 - loss) * (1 - failed) * 0.5;
}
