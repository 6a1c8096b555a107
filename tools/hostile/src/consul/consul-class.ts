// What a class of hostile input at a server of Consul is. Next: corpus.ts, the list of all; trial.ts.

import { type Input, type StreamInput, stream } from '../hostile-class.ts';

/** The ports of a server: calls and raft, HTTP, DNS (datagrams and streams), gossip of both pools. */
export type ConsulPort = 'server' | 'http' | 'dns' | 'lan' | 'wan';

/** Something that is sent to a server, or a pause. */
export type ConsulInput = Input<ConsulPort>;

/** One class of hostile input. */
export interface ConsulClass {
  /** Short, and the name of its file: `yamux-frames`. */
  readonly name: string;
  /** What is done, for people. */
  readonly title: string;
  /** Makes the inputs, in the order in which they are to be sent. */
  readonly inputs: (scene: ConsulScene) => Iterable<ConsulInput>;
}

/** Where the inputs go. */
export interface ConsulScene {
  /** The server's address. */
  readonly host: string;
  /** Do with hundreds what would be done with thousands. */
  readonly isBrief: boolean;
}

/** Each is written to a connection of its own, which is left open. */
export function* streamsTo(to: ConsulPort, all: Iterable<Uint8Array>): Iterable<ConsulInput> {
  for (const bytes of all) yield stream(to, [bytes]);
}

/** Each is written to a connection of its own, and then its end. */
export function* endedStreamsTo(to: ConsulPort, all: Iterable<Uint8Array>): Iterable<ConsulInput> {
  for (const bytes of all) yield { ...stream(to, [bytes]), isEnded: true };
}

/** Datagrams. */
export function* packetsTo(to: ConsulPort, all: Iterable<Uint8Array>): Iterable<ConsulInput> {
  for (const bytes of all) yield { kind: 'packet', to, bytes };
}

/** A pause. */
export function pause(ms: number): ConsulInput {
  return { kind: 'pause', ms };
}

/** A connection on which the beginning is said, and then the same, over and over. */
export function endless(
  to: ConsulPort,
  opening: Uint8Array,
  chunk: Uint8Array,
  chunks: number,
): StreamInput<ConsulPort> {
  return stream(
    to,
    (function* () {
      yield opening;
      for (let left = chunks; left > 0; left--) yield chunk;
    })(),
  );
}
