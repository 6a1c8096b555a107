// Who heard which user event, and when: a stream of events from each agent's RPC into this process, so that
// all times are of one clock. Events are told apart by a number in their payload.

import { decodeAny, MsgpackReader } from '@reeve/bytes';
import { type Agent, RpcConnection, rpcBody } from '@reeve/interop';

/** An event arrived at one agent. */
export type OnHeard = (eventNumber: number, agentIndex: number) => void;

/** Sends numbered events and hears them arrive. */
export class EventWatch {
  readonly #senders: readonly RpcConnection[];
  readonly #listeners: readonly RpcConnection[];

  private constructor(senders: readonly RpcConnection[], listeners: readonly RpcConnection[]) {
    this.#senders = senders;
    this.#listeners = listeners;
  }

  /** Listens at all agents. */
  static async of(agents: readonly Agent[], onHeard: OnHeard): Promise<EventWatch> {
    const open = (): Promise<readonly RpcConnection[]> =>
      Promise.all(agents.map((agent) => RpcConnection.open(agent)));
    const watch = new EventWatch(await open(), await open());
    const listen = (listener: RpcConnection, agentIndex: number): Promise<void> =>
      listener.stream(`user:${eventName}`, (record) => onHeard(numberIn(record), agentIndex));
    await Promise.all(watch.#listeners.map(listen));
    return watch;
  }

  /** Sends an event through one agent; settles when the agent has taken it. */
  async send(eventNumber: number, agentIndex: number): Promise<void> {
    const payload = new TextEncoder().encode(String(eventNumber).padStart(payloadBytes, '0'));
    await this.#senders[agentIndex]?.request('event', 'header', rpcBody.event(eventName, payload, false));
  }

  /** Hangs up. */
  close(): void {
    for (const connection of [...this.#senders, ...this.#listeners]) connection.close();
  }
}

function numberIn(record: Uint8Array): number {
  const event = decodeAny(new MsgpackReader(record), 1) as ReadonlyMap<string, unknown>;
  const payload = event.get('Payload');
  return Number(payload instanceof Uint8Array ? new TextDecoder().decode(payload) : payload);
}

const eventName = 'bench';
const payloadBytes = 8;
