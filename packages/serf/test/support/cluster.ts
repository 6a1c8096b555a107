// Whole serf nodes on the real memberlist, in a virtual world.

import assert from 'node:assert/strict';
import { lanProfile } from '@reeve/memberlist';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import {
  defaultSerfConfig,
  Serf,
  type SerfConfig,
  type SerfEvent,
  type SerfHandlers,
} from '@reeve/serf/core';
import { compileRe2 } from '@reeve/serf/re2';
import { textOf } from './bytes.js';
import { describeEvent } from './rig.js';

/** A running node with what it told. */
export interface Node {
  readonly name: string;
  readonly host: VirtualHost;
  readonly serf: Serf;
  /** What the application was told. */
  readonly events: SerfEvent[];
  /** The same as text. */
  told(): readonly string[];
  isDown: boolean;
}

/** A world of serf nodes; the first is 10.0.0.1, and so on. */
export class Cluster {
  readonly world: VirtualWorld;
  readonly nodes: Node[] = [];

  constructor(seed = 1) {
    this.world = new VirtualWorld({ seed });
  }

  /** Starts a node on the host of this name. */
  start(name: string, overrides: Partial<SerfConfig> = {}, hostName = name): Node {
    const events: SerfEvent[] = [];
    const handlers = {
      onEvent: (event: SerfEvent) => events.push(event),
      onShutdown: () => {
        node.isDown = true;
      },
    };
    const node: Node = {
      name,
      host: this.world.host(hostName),
      serf: this.create(name, overrides, hostName, handlers),
      events,
      told: () => events.map(describeEvent),
      isDown: false,
    };
    let isStarted = false;
    node.serf.start((error) => {
      assert.ifError(error);
      isStarted = true;
    });
    this.until(() => isStarted);
    this.nodes.push(node);
    return node;
  }

  /** A node that is not started yet. */
  create(
    name: string,
    overrides: Partial<SerfConfig> = {},
    hostName = name,
    handlers: SerfHandlers = { onEvent() {} },
  ): Serf {
    const { ip, runtime } = this.world.host(hostName);
    const memberlist = { ...lanProfile(name), bind: { host: ip, port: 7946 } };
    const defaults = { ...defaultSerfConfig(memberlist), protocolVersion: 5, compileRegexp: compileRe2 };
    return new Serf({ ...defaults, ...overrides }, runtime, handlers);
  }

  /** Joins and waits until it is done. */
  join(node: Node, through: Node, ignoreOld = true): void {
    let joined = -1;
    node.serf.join([through.host.ip], ignoreOld, (outcome) => {
      joined = outcome.joined;
    });
    this.until(() => joined >= 0);
    assert.equal(joined, 1, `${node.name} joins ${through.name}`);
  }

  /** A cluster of these nodes in which everybody knows everybody. */
  converge(...names: readonly string[]): readonly Node[] {
    const nodes = names.map((name) => this.start(name));
    const [first, ...others] = nodes;
    for (const other of others) this.join(other, first as Node);
    this.until(() => nodes.every(({ serf }) => statusesOf(serf).length === names.length));
    return nodes;
  }

  /** Lets things happen until the condition holds, a minute of virtual time at most. */
  until(condition: () => boolean, limitMs = 60_000): void {
    assert.ok(this.world.runUntil(condition, limitMs), `${condition} did not become true`);
  }

  run(forMs: number): void {
    this.world.run(forMs);
  }
}

/** `name=status`, sorted. */
export function statusesOf(serf: Serf): readonly string[] {
  return serf
    .members()
    .map(({ name, status }) => `${name}=${status}`)
    .sort();
}

/** A member's status as another node sees it. */
export function statusAt(node: Node, name: string): string | undefined {
  return node.serf.members().find((member) => member.name === name)?.status;
}

/** The payloads of the user events that a node told, as text. */
export function payloadsTold({ events }: Node): readonly string[] {
  return events.flatMap((event) => (event.kind === 'user' ? [textOf(event.payload)] : []));
}
