// Pings an agent as fast as it answers: a fixed number of pings is always under way, so that neither side's
// buffer overflows and the agent is never idle. What is lost all the same is replaced after a moment.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeWith, field, gossipDialect, struct, text, uint32 } from '@reeve/bytes';
import type { Agent } from '@reeve/interop';

/** A running flood. */
export class PingFlood {
  readonly #socket: Socket;
  readonly #ping: Uint8Array;
  readonly #watchdog: NodeJS.Timeout;
  #underWay = 0;
  #answered = 0;
  #seenAnswered = 0;

  private constructor(socket: Socket, ping: Uint8Array) {
    this.#socket = socket;
    this.#ping = ping;
    socket.on('message', () => this.#onAck());
    this.#watchdog = setInterval(() => this.#replaceLost(), patienceMs);
    this.#fill();
  }

  /** Starts pinging. */
  static async at(agent: Agent): Promise<PingFlood> {
    const [host = '', port = ''] = agent.gossip.split(':');
    const socket = createSocket('udp4');
    socket.connect(Number(port), host);
    await once(socket, 'connect');
    return new PingFlood(socket, encodePing(agent.name));
  }

  /** Acks received so far. */
  get answered(): number {
    return this.#answered;
  }

  /** Ends it. */
  stop(): void {
    clearInterval(this.#watchdog);
    this.#socket.close();
  }

  #onAck(): void {
    this.#answered += 1;
    this.#underWay -= 1;
    if (this.#underWay <= underWayMax / 2) this.#fill();
  }

  #fill(): void {
    for (; this.#underWay < underWayMax; this.#underWay++) this.#socket.send(this.#ping);
  }

  #replaceLost(): void {
    if (this.#answered === this.#seenAnswered) {
      this.#underWay = 0;
      this.#fill();
    }
    this.#seenAnswered = this.#answered;
  }
}

function encodePing(node: string): Uint8Array {
  return encodeWith(pingBody, gossipDialect, { node, sequence: 1 }, pingType);
}

const pingBody = struct<{ sequence: number; node: string }>({
  sequence: field('SeqNo', uint32),
  node: field('Node', text),
});
const pingType = 0;
const underWayMax = 64;
const patienceMs = 50;
