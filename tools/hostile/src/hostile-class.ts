// What a class of hostile input is: a name and a maker of inputs. Nothing here knows how they are sent.
// Next: corpus.ts, the list of all; attack.ts, which sends.

/** One class of hostile input. */
export interface HostileClass {
  /** Short, and the name of its file: `false-lengths`. */
  readonly name: string;
  /** What is done, for people. */
  readonly title: string;
  /** Makes the inputs, in the order in which they are to be sent. */
  readonly inputs: (scene: Scene) => Iterable<Input>;
}

/** Where the inputs go. */
export interface Scene {
  /** Members that are lied about, and that lies are told to. */
  readonly victims: readonly Victim[];
  /** Do with thousands what would be done with a million. */
  readonly isBrief: boolean;
}

/** Somebody who is lied about. */
export interface Victim {
  readonly name: string;
  /** Four bytes. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** The ports of an agent of Serf. */
export type SerfPort = 'gossip' | 'rpc';

/** Something that is sent to an agent, or a pause. */
export type Input<Port extends string = SerfPort> =
  | { readonly kind: 'packet'; readonly to: Port; readonly bytes: Uint8Array }
  | StreamInput<Port>
  | { readonly kind: 'pause'; readonly ms: number };

/** What is written to a new connection, which stays open as long as the agent and the other inputs allow. */
export interface StreamInput<Port extends string = SerfPort> {
  readonly kind: 'stream';
  readonly to: Port;
  readonly chunks: Iterable<Uint8Array>;
  /** Between chunks; other inputs do not wait for a stream that pauses. */
  readonly pauseMs: number;
  /** We say that no more will come, and still read. */
  readonly isEnded: boolean;
}

/** Datagrams to the gossip port. */
export function packets(all: Iterable<Uint8Array>): Iterable<Input> {
  return each(all, (bytes) => ({ kind: 'packet', to: 'gossip', bytes }));
}

/** Each is written to a connection of its own to the gossip port, which is left open. */
export function streams(all: Iterable<Uint8Array>): Iterable<Input> {
  return each(all, (bytes) => stream('gossip', [bytes]));
}

/** The same to the RPC port. */
export function rpc(all: Iterable<Uint8Array>): Iterable<Input> {
  return each(all, (bytes) => stream('rpc', [bytes]));
}

/** One connection that stays open. */
export function stream<Port extends string = SerfPort>(
  to: Port,
  chunks: Iterable<Uint8Array>,
  pauseMs = 0,
): StreamInput<Port> {
  return { kind: 'stream', to, chunks, pauseMs, isEnded: false };
}

function* each(all: Iterable<Uint8Array>, inputOf: (bytes: Uint8Array) => Input): Iterable<Input> {
  for (const bytes of all) yield inputOf(bytes);
}
