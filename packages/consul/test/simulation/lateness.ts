// So many segments and packets are late, each by itself: one stream stands still while others go on. As TCP
// sends again what is lost.

import type { Cluster } from '../kit/cluster.js';

/** How late messages are. */
export class Lateness {
  /** Which part of all that is sent. */
  share = 0;

  /** @param onLate is called for each. */
  constructor({ world: { network }, random }: Pick<Cluster, 'world' | 'random'>, onLate: () => void) {
    const { latency } = network;
    network.latency = (from, to) => {
      const ms = latency(from, to);
      if (this.share === 0 || random.float() >= this.share) return ms;
      onLate();
      return ms + lateMsMin * (1 + random.float() * 4);
    };
  }
}

const lateMsMin = 200;
