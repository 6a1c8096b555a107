// One member of a test cluster: a Memberlist on a machine of a virtual world, and a delegate that writes down
// everything it is told.

import assert from 'node:assert/strict';
import { decodeText } from '@reeve/bytes';
import {
  type JoinOutcome,
  lanProfile,
  Memberlist,
  type MemberlistConfig,
  type MemberlistDelegate,
  type MemberNode,
  silentDelegate,
} from '@reeve/memberlist';
import type { Endpoint } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';

/** How a member differs from an ordinary one. */
export interface MemberOptions {
  readonly config?: Partial<MemberlistConfig>;
  readonly delegate?: Partial<MemberlistDelegate>;
}

/** A running (or killed) member. */
export class Member {
  readonly name: string;
  readonly world: VirtualWorld;
  readonly host: VirtualHost;
  readonly list: Memberlist;
  readonly config: MemberlistConfig;
  /** `join a`, `leave a`, `update a`, `conflict a`, in order. */
  readonly events: string[] = [];
  readonly userMessages: Uint8Array[] = [];
  readonly remoteStates: Uint8Array[] = [];
  readonly pings: { readonly node: string; readonly rttMs: number; readonly payload: Uint8Array }[] = [];
  meta: Uint8Array = new Uint8Array(0);

  constructor(world: VirtualWorld, host: VirtualHost, name: string, options: MemberOptions = {}) {
    this.name = name;
    this.world = world;
    this.host = host;
    const bind = { host: host.ip, port: 7946 };
    this.config = { ...lanProfile(name), bind, ...options.config };
    this.list = new Memberlist(this.config, host.runtime, { ...this.#delegate(), ...options.delegate });
  }

  /** The address others reach it at. */
  get address(): Endpoint {
    return { host: this.host.ip, port: this.config.bind.port };
  }

  /** Starts and waits until it is up. */
  start(): this {
    let outcome: { error: Error | undefined } | undefined;
    this.list.start((error) => {
      outcome = { error };
    });
    assert.ok(this.world.runUntil(() => outcome !== undefined, 1_000));
    assert.equal(outcome?.error, undefined);
    return this;
  }

  /** Joins and waits for the outcome. */
  join(...addresses: readonly string[]): JoinOutcome {
    let outcome: JoinOutcome | undefined;
    this.list.join(addresses, (result) => {
      outcome = result;
    });
    this.world.runUntil(() => outcome !== undefined, 120_000);
    assert.ok(outcome, 'a join ends');
    return outcome;
  }

  /** Leaves and waits for the end; returns the error, if any. */
  leave(timeoutMs = 5_000): Error | undefined {
    let outcome: { error: Error | undefined } | undefined;
    this.list.leave(timeoutMs, (error) => {
      outcome = { error };
    });
    assert.ok(this.world.runUntil(() => outcome !== undefined, timeoutMs + 1));
    return outcome?.error;
  }

  /** What this member believes of another, the dead included; undefined when it does not know it. */
  view(name: string): MemberNode | undefined {
    return this.list.nodes.find((node) => node.name === name);
  }

  /** The names it takes for members, sorted. */
  get memberNames(): string[] {
    return this.list.members.map((node) => node.name).sort();
  }

  /** Its log lines that hold a text. */
  logged(text: string): string[] {
    return this.host.logLines.filter((line) => line.includes(text));
  }

  /** How many inputs it has refused. */
  get refused(): number {
    return this.host.counters.get('memberlist.input.refused') ?? 0;
  }

  #delegate(): MemberlistDelegate {
    return {
      ...silentDelegate,
      nodeMeta: () => this.meta,
      onUserMessage: (message) => {
        this.userMessages.push(message);
        this.events.push(`user ${decodeText(message)}`);
      },
      mergeRemoteState: (state) => {
        this.remoteStates.push(state);
        return [];
      },
      onJoin: (node) => this.events.push(`join ${node.name}`),
      onLeave: (node) => this.events.push(`leave ${node.name}`),
      onUpdate: (node) => this.events.push(`update ${node.name}`),
      onConflict: (node) => this.events.push(`conflict ${node.name}`),
      onPingComplete: (node, rttMs, payload) => this.pings.push({ node: node.name, rttMs, payload }),
    };
  }
}
