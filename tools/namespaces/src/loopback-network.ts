// The least of machines of one's own: private loopback addresses. Every test cluster has a network
// 127.a.b.0/24, so that any number of runs on one machine never meet. A listener on the network's last
// address is the claim; as long as it is held, other processes that draw the same network draw again. The
// gossip port is drawn, too: members of a cluster that is gone may go on being looked for, and whoever has
// their addresses next must not answer.

import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** A claimed network. */
export class LoopbackNetwork {
  /** The gossip port of all agents on this network. */
  readonly port: number;
  readonly #prefix: string;
  readonly #claim: Server;
  #given = 0;

  private constructor(prefix: string, port: number, claim: Server) {
    this.#prefix = prefix;
    this.port = port;
    this.#claim = claim;
  }

  /** Draws networks until one is free; `draw` answers the first three bytes of an address. */
  static async claim(draw: () => string = drawPrefix): Promise<LoopbackNetwork> {
    for (let attempt = 1; ; attempt++) {
      const prefix = draw();
      try {
        const claim = await listen(`${prefix}.254`, claimPort);
        return new LoopbackNetwork(prefix, randomInt(10_000, ephemeralPortsFrom), claim);
      } catch (error) {
        if (attempt === attemptsMax) throw error;
      }
    }
  }

  /** The next address that nobody has. */
  nextAddress(): string {
    if (this.#given === 253) throw new RangeError('a test network has only 253 addresses');
    this.#given += 1;
    return `${this.#prefix}.${this.#given}`;
  }

  /** Gives the network back; otherwise it is held until this process ends. */
  release(): void {
    this.#claim.close();
  }
}

/** A loopback address of one's own, with all ports, until this process ends. */
export async function loopbackAddress(): Promise<string> {
  return (await LoopbackNetwork.claim()).nextAddress();
}

function drawPrefix(): string {
  return `127.${randomInt(1, 255)}.${randomInt(256)}`;
}

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server.unref()));
  });
}

const attemptsMax = 16;

/** One for all networks: two that drew the same network are to find each other here. */
const claimPort = 9_254;

/** Linux takes the ports of outgoing connections from here on. */
const ephemeralPortsFrom = 32_768;
