// One direction of a stream between two machines: segments arrive late, but all of them and in order.
//
// TCP repeats what gets lost, so a cut only holds segments up; they go on when it is healed. Next:
// streams.ts.

import type { Agenda } from './agenda.ts';

/** What travels: the handshake, bytes, the end of one direction, or the end of everything. */
export type Segment =
  | { readonly kind: 'open' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset'; readonly code: 'ECONNREFUSED' | 'ECONNRESET' };

/** One direction between two machines; see link.ts. */
export interface Link {
  /** How long something takes that begins its way now. */
  travelMs(): number;
  /** Whether nothing passes at the moment. */
  isCut(): boolean;
}

/** Carries segments from one machine to another. Bounded by what the writers of the test queue. */
export class Wire {
  readonly #agenda: Agenda;
  readonly #link: Link;
  readonly #travelling: { readonly arrivesAt: number; readonly segment: Segment }[] = [];
  #receive: (segment: Segment) => void;
  #isRepeating = false;

  constructor(agenda: Agenda, link: Link, receive: (segment: Segment) => void) {
    this.#agenda = agenda;
    this.#link = link;
    this.#receive = receive;
  }

  /** Sends one segment. One that is faster than those before it waits for them. */
  send(segment: Segment): void {
    const arrivesAt = this.#agenda.now + this.#link.travelMs();
    this.#travelling.push({ arrivesAt, segment });
    this.#agenda.at(arrivesAt, () => this.#deliver());
  }

  /** Forgets what has not arrived yet. */
  abandon(): void {
    this.#travelling.length = 0;
  }

  /** Hands the far end over, to the stream that a listener made. */
  handOver(receive: (segment: Segment) => void): void {
    this.#receive = receive;
  }

  #deliver(): void {
    if (this.#isRepeating || this.#travelling.length === 0) return;
    if (this.#link.isCut()) this.#repeatLater();
    else while (this.#receiveNext());
  }

  /** False when nothing is due. */
  #receiveNext(): boolean {
    const next = this.#travelling[0];
    if (next === undefined || next.arrivesAt > this.#agenda.now) return false;
    this.#travelling.shift();
    this.#receive(next.segment);
    return true;
  }

  #repeatLater(): void {
    this.#isRepeating = true;
    this.#agenda.after(repeatMs, () => {
      this.#isRepeating = false;
      this.#deliver();
    });
  }
}

/** Linux's shortest retransmission timeout. */
const repeatMs = 200;
