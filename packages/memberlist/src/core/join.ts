// Joins a cluster by a push/pull with every address one is given. Upstream: memberlist memberlist.go (Join).
// A name is resolved and all its addresses are tried; one after the other. One success makes the join a
// success.
// Next: push-pull.ts.

import { AddressError, type Result } from '@reeve/runtime';
import { type JoinAddress, parseJoinAddress } from './address.ts';
import { type Machine, notRunning } from './machine.ts';
import { type PushPullPartner, pushPullWith } from './push-pull.ts';

/** How a join went. */
export interface JoinOutcome {
  /** How many nodes were contacted. */
  readonly joined: number;
  /** All failures; present whenever there was one, so check `joined` first. */
  readonly error?: JoinError;
}

/** Why addresses could not be joined, a line each, in the original's form. */
export class JoinError extends Error {
  readonly failures: readonly string[];

  constructor(failures: readonly string[]) {
    const count = failures.length === 1 ? '1 error' : `${failures.length} errors`;
    super(`${count} occurred:\n${failures.map((failure) => `\t* ${failure}\n`).join('')}\n`);
    this.name = 'JoinError';
    this.failures = failures;
  }
}

/**
 * Contacts all addresses in order; `done` exactly once, with an error when the node is not up or stops before
 * that.
 */
export function join(
  machine: Machine,
  addresses: readonly string[],
  done: (outcome: JoinOutcome) => void,
): void {
  const running = new RunningJoin(machine, addresses, done);
  machine.runtime.timers.after(0, () => running.begin());
}

class RunningJoin {
  readonly #machine: Machine;
  readonly #addresses: readonly string[];
  readonly #done: (outcome: JoinOutcome) => void;
  readonly #stopsWithNode: () => void;
  readonly #failures: string[] = [];
  #joined = 0;
  #ended = false;

  constructor(machine: Machine, addresses: readonly string[], done: (outcome: JoinOutcome) => void) {
    this.#machine = machine;
    this.#addresses = addresses;
    this.#done = done;
    this.#stopsWithNode = machine.underway.add(() => this.#giveUp());
  }

  begin(): void {
    if (this.#ended) return;
    if (this.#machine.transport) this.#resolveFrom(0);
    else this.#giveUp();
  }

  #resolveFrom(index: number): void {
    const address = this.#addresses[index];
    if (address === undefined) return this.#end();
    resolve(this.#machine, address, (resolved) => {
      if (this.#ended) return;
      if (resolved.ok) return this.#contactFrom(resolved.value, 0, index + 1);
      this.#fail('warn', `Failed to resolve ${address}: ${resolved.error.message}`);
      this.#resolveFrom(index + 1);
    });
  }

  /** Contacts what one address stands for, then goes on with the address at `nextIndex`. */
  #contactFrom(partners: readonly PushPullPartner[], index: number, nextIndex: number): void {
    const partner = partners[index];
    if (!partner) return this.#resolveFrom(nextIndex);
    pushPullWith(this.#machine, partner, true, (error) => {
      if (error) this.#fail('debug', `Failed to join ${partner.host}: ${error.message}`);
      else this.#joined += 1;
      this.#contactFrom(partners, index + 1, nextIndex);
    });
  }

  #fail(level: 'debug' | 'warn', failure: string): void {
    this.#machine.log(level, failure);
    this.#failures.push(failure);
  }

  #giveUp(): void {
    this.#failures.push(notRunning);
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#stopsWithNode();
    const joined = this.#joined;
    this.#done(this.#failures.length === 0 ? { joined } : { joined, error: new JoinError(this.#failures) });
  }
}

function resolve(machine: Machine, text: string, done: (result: Result<PushPullPartner[]>) => void): void {
  let address: JoinAddress;
  try {
    address = parseJoinAddress(text, machine.ownPort);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return done({ ok: false, error });
  }
  const { nodeName, host, port } = address;
  machine.runtime.network.resolve(host, (resolved) => {
    if (!resolved.ok) return done(resolved);
    done({ ok: true, value: resolved.value.map((found) => ({ name: nodeName, host: found, port })) });
  });
}
