// One member of a swarm: a serf node on the Node runtime that counts what it sees instead of keeping it.
// Next: swarm.ts.

import { type Endpoint, endpointText, type Log, type Runtime } from '@reeve/runtime';
import {
  type Acquaintance,
  defaultSerfConfig,
  type JoinOutcome,
  type Member,
  protocolVersionMax,
  type RegexpCompiler,
  Serf,
  type SerfEvent,
} from '@reeve/serf/core';
import { whenDone } from '../when-done.ts';
import type { PlannedMember } from './plan.ts';

/** What a member needs besides its plan. */
export interface MemberWorld {
  readonly runtime: Runtime;
  readonly compileRegexp: RegexpCompiler;
  /** Whether a name is that of a member of the same swarm. */
  isOurs(name: string): boolean;
  /** The members of the swarm, if it is to know them from the start. */
  readonly known?: Acquaintance | undefined;
}

/** A member that runs. */
export class SwarmMember {
  readonly name: string;
  /** The node. */
  readonly serf: Serf;
  readonly #isOurs: (name: string) => boolean;
  // Bounded by serf's table of members.
  readonly #failed = new Set<string>();
  #alive = 0;
  #oursAlive = 0;
  #userEvents = 0;
  #onDown = (): void => {};
  /** Settles when nothing of the member is left. */
  readonly down: Promise<void>;

  constructor({ memberlist, tags }: PlannedMember, { runtime, compileRegexp, isOurs, known }: MemberWorld) {
    this.name = memberlist.name;
    this.#isOurs = isOurs;
    this.down = new Promise((resolve) => {
      this.#onDown = resolve;
    });
    const log: Log = (level, text) => runtime.log(level, `${this.name}: ${text}`);
    this.serf = new Serf(
      { ...defaultSerfConfig(memberlist), protocolVersion: protocolVersionMax, tags, compileRegexp },
      { ...runtime, log },
      { onEvent: (event) => this.#onEvent(event), onShutdown: () => this.#onDown() },
      known,
    );
    this.#alive = this.#oursAlive = known?.members.size ?? 0; // nobody tells it of those
  }

  /** How many members it sees alive, itself included. */
  get alive(): number {
    return this.#alive;
  }

  /** How many of those are of this swarm. */
  get oursAlive(): number {
    return this.#oursAlive;
  }

  /** How many members it takes for failed. */
  get failed(): number {
    return this.#failed.size;
  }

  /** How many user events it was told. */
  get userEvents(): number {
    return this.#userEvents;
  }

  /** Where it is reached, once it has started. */
  get endpoint(): Endpoint {
    const { host, port } = this.serf.localMember();
    return { host, port };
  }

  /** The same as text. */
  get address(): string {
    return endpointText(this.endpoint);
  }

  /** Opens the sockets. */
  start(): Promise<void> {
    return whenDone((done) => this.serf.start(done));
  }

  /** Joins through one of these addresses at least. */
  async join(addresses: readonly string[]): Promise<void> {
    const { error } = await new Promise<JoinOutcome>((resolve) => this.serf.join(addresses, true, resolve));
    if (error) throw error;
  }

  /** Says goodbye; stays up until `shutdown`. */
  leave(): Promise<void> {
    return whenDone((done) => this.serf.leave(done));
  }

  /** Stops at once. */
  shutdown(): void {
    this.serf.shutdown();
  }

  #onEvent(event: SerfEvent): void {
    switch (event.kind) {
      case 'member-join':
        return this.#count(event.members, 1);
      case 'member-leave':
        return this.#count(event.members, -1);
      case 'member-failed':
        this.#count(event.members, -1);
        for (const { name } of event.members) this.#failed.add(name);
        return;
      case 'member-reap':
        for (const { name } of event.members) this.#failed.delete(name);
        return;
      case 'user':
        this.#userEvents += 1;
    }
  }

  #count(members: readonly Member[], change: 1 | -1): void {
    for (const { name } of members) {
      // A failed member that is said to have left is told as one that leaves, but was not counted any more.
      const wasFailed = this.#failed.delete(name);
      if (wasFailed && change < 0) continue;
      this.#alive += change;
      if (this.#isOurs(name)) this.#oursAlive += change;
    }
  }
}
