// Joins a cluster by a push/pull with every address one is given. Upstream: memberlist memberlist.go (Join).
// A name is resolved and all its addresses are tried; one after the other. One success makes the join a success.
// Next: push-pull.ts.

import type { Result } from '@reeve/runtime';
import { AddressError, type JoinAddress, parseJoinAddress } from './address.ts';
import type { Machine } from './machine.ts';
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

/** Contacts all addresses in order. */
export function join(
  machine: Machine,
  addresses: readonly string[],
  done: (outcome: JoinOutcome) => void,
): void {
  const failures: string[] = [];
  const partners: PushPullPartner[] = [];
  const resolveFrom = (index: number): void => {
    const address = addresses[index];
    if (address === undefined) return contactAll(machine, partners, failures, done);
    resolve(machine, address, (resolved) => {
      if (resolved.ok) partners.push(...resolved.value);
      else failures.push(logged(machine, 'warn', `Failed to resolve ${address}: ${resolved.error.message}`));
      resolveFrom(index + 1);
    });
  };
  resolveFrom(0);
}

function contactAll(
  machine: Machine,
  partners: readonly PushPullPartner[],
  failures: string[],
  done: (outcome: JoinOutcome) => void,
): void {
  let joined = 0;
  const contactFrom = (index: number): void => {
    const partner = partners[index];
    if (!partner || !machine.transport) {
      return done(failures.length === 0 ? { joined } : { joined, error: new JoinError(failures) });
    }
    pushPullWith(machine, partner, true, (error) => {
      if (error) failures.push(logged(machine, 'debug', `Failed to join ${partner.host}: ${error.message}`));
      else joined += 1;
      contactFrom(index + 1);
    });
  };
  contactFrom(0);
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

function logged(machine: Machine, level: 'debug' | 'warn', failure: string): string {
  machine.log(level, failure);
  return failure;
}
