// What an implementation tells the suite about itself.

import type { Endpoint } from '../network.ts';
import type { Runtime } from '../runtime.ts';

/** An implementation under test. */
export interface ConformanceSubject {
  /** Stands before each case's name. */
  readonly name: string;
  /** A fresh world for one case. */
  create(): Promise<ConformanceWorld>;
}

/** One runtime, and what the suite may use around it. */
export interface ConformanceWorld {
  readonly runtime: Runtime;
  /** An IPv4 address of this machine. The suite binds port 0 there, or ports it was given before. */
  readonly host: string;
  /** An IPv4 address that this machine does not have. */
  readonly foreignHost: string;
  /** Where nobody answers a dial: neither accepted nor refused. */
  readonly silent: Endpoint;
  /** A name, and one of the addresses it resolves to. */
  readonly known: { readonly name: string; readonly address: string };
  /** An existing directory for this world's files, without a slash at the end. */
  readonly directory: string;
  /** Lets time pass until the condition holds, `limitMs` at most; tells whether it does. */
  passUntil(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Ends the world after the case, with all that was left open. */
  close(): Promise<void>;
}
