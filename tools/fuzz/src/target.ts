// What can be fuzzed: something that decodes, valid inputs for it, and what must hold whatever comes in.
// Each package lists its targets in test/fuzz/targets.ts. Next: trial.ts, which gives inputs to one.

/** One decoder, or a whole node that decodes on its way. */
export interface FuzzTarget {
  /** What is decoded, in the protocol's words; unique in its package. */
  readonly name: string;
  /** What holds for any input: the title of its test. */
  readonly promise: string;
  /** Valid inputs, short ones if possible: each is also cut at every byte and flipped at every bit. */
  readonly seeds: readonly Uint8Array[];
  /** Something fresh to give inputs to, the same each time. */
  readonly open: () => Subject;
  /** Which errors, besides Refused, are the proper answer to bad input. None when left out. */
  readonly refuses?: (error: unknown) => boolean;
}

/** What inputs are given to, one after the other. Only what needs a memory is opened with one. */
export interface Subject {
  /** Decodes an input and checks what it likes about the result; throws when that is not as it must be. */
  readonly run: (input: Uint8Array) => void;
  /** Checks what must be true behind the last input. */
  readonly close?: () => void;
}

/** Thrown by a subject whose decoder refuses in other ways than by an error. */
export class Refused extends Error {}
