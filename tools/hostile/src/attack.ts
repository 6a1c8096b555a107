// Sends inputs to an agent, as fast as the agent can be expected to read them. Whatever the agent does to a
// connection is fine. Next: trial.ts, which looks at what has become of the agent.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '@reeve/interop';
import type { Input, StreamInput, Victim } from './hostile-class.ts';

/** Where each port of the target is: `127.0.0.1:7946`. */
export type Places<Port extends string> = Readonly<Record<Port, string>>;

/** Where an attack comes from. */
export interface AttackOptions {
  /** The address. */
  readonly from?: string;
  /** More open connections than these are not held; the oldest is closed. */
  readonly connectionsMax?: number;
}

/** Sends all inputs and returns how many they were; all connections are closed then. */
export async function attack<Port extends string>(
  target: Places<Port>,
  inputs: Iterable<Input<Port>>,
  options: AttackOptions = {},
): Promise<number> {
  const attacker = new Attacker<Port>(target, options);
  try {
    for (const input of inputs) await attacker.send(input);
    return await attacker.finish();
  } finally {
    attacker.close();
  }
}

class Attacker<Port extends string> {
  readonly #target: Places<Port>;
  readonly #options: AttackOptions;
  readonly #packets = createSocket('udp4');
  /** In the order in which they were opened. Bounded by connectionsMax. */
  readonly #connections = new Set<Socket>();
  /** Streams that are being written while other inputs go on. */
  readonly #dripping: Promise<void>[] = [];
  #sent = 0;
  #packetsAtOnce = 0;

  constructor(target: Places<Port>, options: AttackOptions) {
    this.#target = target;
    this.#options = options;
    if (options.from !== undefined) this.#packets.bind(0, options.from);
  }

  async send(input: Input<Port>): Promise<void> {
    if (input.kind === 'pause') {
      await delay(input.ms);
      return;
    }
    this.#sent += 1;
    if (input.kind === 'packet') return this.#sendPacket(input.to, input.bytes);
    const written = this.#writeStream(input);
    if (input.pauseMs > 0) this.#dripping.push(written);
    else await written;
  }

  async finish(): Promise<number> {
    await Promise.all(this.#dripping);
    return this.#sent;
  }

  close(): void {
    this.#packets.close();
    for (const socket of this.#connections) socket.destroy();
  }

  async #sendPacket(to: Port, bytes: Uint8Array): Promise<void> {
    const { host, port } = endpointOf(this.#target[to]);
    await new Promise((sent) => this.#packets.send(bytes, port, host, sent));
    this.#packetsAtOnce += 1;
    if (this.#packetsAtOnce % packetsAtOnceMax === 0) await delay(1); // or the kernel drops most of them
  }

  async #writeStream({ to, chunks, pauseMs, isEnded }: StreamInput<Port>): Promise<void> {
    const { from, connectionsMax = usualConnectionsMax } = this.#options;
    const localAddress = from === undefined ? {} : { localAddress: from };
    const socket = connect({ ...endpointOf(this.#target[to]), ...localAddress });
    socket.on('error', () => {}); // being cut off is what we ask for
    socket.once('close', () => this.#connections.delete(socket));
    this.#connections.add(socket);
    const [oldest] = this.#connections;
    if (this.#connections.size > connectionsMax) oldest?.destroy();
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
    for (const chunk of chunks) {
      if (socket.destroyed || !(await isTaken(socket, chunk))) return;
      if (pauseMs > 0) await delay(pauseMs);
    }
    if (isEnded) socket.end();
  }
}

/** Whether the system took the bytes in time; an agent may well stop reading. */
async function isTaken(socket: Socket, chunk: Uint8Array): Promise<boolean> {
  const taken = new Promise<boolean>((resolve) => socket.write(chunk, (error) => resolve(!error)));
  const givesUp = new AbortController();
  const tooLate = delay(takenMsMax, false, { signal: givesUp.signal }).catch(() => false);
  try {
    return await Promise.race([taken, tooLate]);
  } finally {
    givesUp.abort();
  }
}

/** An agent as somebody who is lied about. */
export function victimOf({ name, gossip }: Agent): Victim {
  const { host, port } = endpointOf(gossip);
  return { name, address: Uint8Array.from(host.split('.'), Number), port };
}

/** `ip:port` in parts. */
export function endpointOf(text: string): { host: string; port: number } {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
}

/** More than an agent keeps open on either port. */
const usualConnectionsMax = 300;
const packetsAtOnceMax = 50;
const takenMsMax = 1_000;
