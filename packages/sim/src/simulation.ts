// One world in a box: nodes that run the real protocol, faults that happen to them, properties that are
// checked at every step, and a trace by which two runs can be compared.
//
//   const simulation = new Simulation({ seed: 7, nodes: 5 });
//   simulation.form();
//   simulation.set(loss(0.2), 30_000);
//   simulation.node('n2').crash();
//   simulation.run(60_000);
//   assert.equal(simulation.violation, undefined);
//
// Everything that chance decides is decided by the seed. Next: cluster/node.ts, faults/fault.ts,
// checkers/checker.ts; script/ for the same as text.

import type { Random } from '@reeve/runtime';
import { SeededRandom, type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { Attacker } from './attacker/attacker.ts';
import type { Attack } from './attacker/attacks.ts';
import { allCheckers } from './checkers/all.ts';
import type { Checker, Verdict } from './checkers/checker.ts';
import { type AgentProfile, plainAgent } from './cluster/agent-settings.ts';
import { Beliefs } from './cluster/beliefs.ts';
import { CommonKnowledge } from './cluster/common-knowledge.ts';
import { type NodeWatcher, SimNode } from './cluster/node.ts';
import { Operator } from './cluster/operator.ts';
import { type Profile, profiles } from './cluster/profiles.ts';
import type { Fault } from './faults/fault.ts';
import { type Happened, Ledger } from './faults/ledger.ts';
import { Trace } from './trace.ts';

/** What is simulated. */
export interface SimulationOptions {
  /** Decides everything that chance decides. */
  readonly seed: number;
  /** How many nodes; they are called n1, n2 … on 10.0.0.1, 10.0.0.2 … (`homeOf`), and not started yet. */
  readonly nodes: number;
  /** The settings of nodes. Default: those of a LAN. */
  readonly profile?: Profile;
  /** What agents have besides. Default: nothing. */
  readonly agent?: AgentProfile;
  /** Whether somebody restarts what has ended by itself and makes lonely nodes join. Default: nobody does. */
  readonly hasOperator?: boolean;
  /** What is checked. Default: every property there is. */
  readonly checkers?: readonly Checker[];
  /** No time passes after this. Default: it never ends. */
  readonly limitMs?: number;
  /**
   * For large clusters, where following everybody's beliefs takes longer than all the rest: beliefs are not
   * followed, logs and told events not kept, overtaking packets not counted. Nothing is checked unless
   * `checkers` are given, which hear neither `onBelief` nor `onSecond`.
   */
  readonly fromAfar?: boolean;
}

/** A property that did not hold. */
export interface Violation {
  /** The property. */
  readonly property: string;
  /** What happened instead. */
  readonly sentence: string;
  readonly atMs: number;
}

/** A simulated cluster. */
export class Simulation {
  readonly world: VirtualWorld;
  readonly nodes: readonly SimNode[];
  /** What nodes believe of each other. */
  readonly beliefs: Beliefs;
  /** For decisions of who runs the simulation; nobody inside uses it. */
  readonly random: Random;
  readonly #options: SimulationOptions;
  readonly #checkers: readonly Checker[];
  readonly #ledger = new Ledger();
  readonly #trace = new Trace();
  readonly #nodeAt = new Map<string, SimNode>();
  readonly #nodeCalled = new Map<string, SimNode>();
  readonly #faultRandom: Random;
  readonly #formRandom: Random;
  readonly #attackRandom: Random;
  readonly #limitMs: number;
  readonly #isClose: boolean;
  /** How to end the faults that are set. */
  readonly #set = new Set<() => void>();
  // What is planned, the next first. Bounded by the plan.
  readonly #planned: { readonly atMs: number; readonly act: () => void }[] = [];
  #attacker: Attacker | undefined;
  #violation: Violation | undefined;

  constructor(options: SimulationOptions) {
    const { seed, nodes, profile = profiles.lan, hasOperator = false, limitMs, fromAfar = false } = options;
    this.#options = options;
    const random = new SeededRandom(seed + 2 ** 52); // not the numbers that the world draws
    this.random = random.fork();
    this.#faultRandom = random.fork();
    this.world = new VirtualWorld({ seed });
    this.#limitMs = limitMs ?? Number.POSITIVE_INFINITY;
    this.#isClose = !fromAfar;
    this.#checkers = options.checkers ?? (fromAfar ? [] : allCheckers(nodes));
    this.beliefs = new Beliefs(this.#ledger, (name) => this.#nodeCalled.get(name)?.isMember ?? false);
    this.nodes = Array.from({ length: nodes }, (_, index) => this.#createNode(index + 1, profile));
    this.#watch();
    const operator = hasOperator ? new Operator(this.nodes, random.fork()) : undefined;
    this.#formRandom = random.fork();
    this.#attackRandom = random.fork();
    this.#everySecond(operator);
  }

  /** Virtual milliseconds since the beginning. */
  get now(): number {
    return this.world.now;
  }

  /** The first property that did not hold; nothing happens after it. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Which faults really happened. */
  get happened(): Happened {
    return this.#ledger.happened;
  }

  /** The fingerprint of the run so far. */
  get trace(): string {
    return this.#trace.digest;
  }

  /** How many steps the run had so far. */
  get steps(): number {
    return this.#trace.steps;
  }

  /** @throws RangeError when there is none of this name. */
  node(name: string): SimNode {
    const node = this.#nodeCalled.get(name);
    if (!node) throw new RangeError(`there is no node ${name}; they are called n1 to n${this.nodes.length}`);
    return node;
  }

  /**
   * Starts all nodes, joins one after the other to one of those before, and waits until everyone knows
   * everyone; three minutes at most.
   */
  form(): void {
    for (const node of this.nodes) node.start();
    this.run(joinEveryMs);
    for (let joined = 1; joined < this.nodes.length; joined++) {
      const contact = this.nodes[this.#formRandom.below(Math.min(joined, contactsMax))];
      this.nodes[joined]?.join([contact?.host.ip ?? '']);
      this.run(joinEveryMs);
    }
    const isFormed = () => this.nodes.every(({ serf }) => serf?.gossipNodes.length === this.nodes.length);
    const endMs = this.now + formLimitMs;
    while (this.now < Math.min(endMs, this.#limitMs) && !this.#violation && !isFormed()) this.run(formStepMs);
  }

  /**
   * Starts these nodes and has them all know each other, as if they had been together for long: instead of
   * `form`, which for a thousand nodes takes minutes. What they know is kept once, so that ten thousand find
   * room.
   */
  acquaint(nodes: readonly SimNode[] = this.nodes): void {
    const rehearsal = new Simulation({ ...this.#options, limitMs: startMs, fromAfar: true });
    for (const { name } of nodes) rehearsal.node(name).start();
    rehearsal.run(startMs);
    const common = new CommonKnowledge(rehearsal.nodes.flatMap(({ serf }) => serf ?? []));
    for (const node of nodes) node.start(common.acquaintance(this.#formRandom));
    this.run(startMs);
  }

  /** Sets a fault, for a while or until `heal`. Returns how to end it. */
  set(fault: Fault, forMs?: number): () => void {
    const endFault = fault({ network: this.world.network, random: this.#faultRandom });
    const end = () => {
      this.#set.delete(end);
      endFault();
    };
    this.#set.add(end);
    if (forMs !== undefined) this.at(this.now + forMs, end);
    return end;
  }

  /** Somebody hostile does this to all who run, with a lie about one of them. */
  attack(attack: Attack, victim: SimNode): void {
    if (!this.#attacker) {
      this.#attacker = new Attacker(this.world, this.#attackRandom);
      for (const checker of this.#checkers) checker.onAttack?.();
    }
    this.#ledger.count('attacks');
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    attack(this.#attacker, running, victim);
  }

  /** Ends all faults of the network. */
  heal(): void {
    for (const end of this.#set) end();
  }

  /** Moves a node to another machine; see `SimNode.moveTo`. */
  move(node: SimNode, ip: string): void {
    node.moveTo(ip);
    this.#nodeAt.set(ip, node);
  }

  /** Has something done at a time. */
  at(atMs: number, act: () => void): void {
    const later = this.#planned.findIndex((planned) => planned.atMs > atMs);
    this.#planned.splice(later < 0 ? this.#planned.length : later, 0, { atMs, act });
  }

  /** Lets time pass, until a property does not hold. */
  run(forMs: number): void {
    const endMs = Math.min(this.now + forMs, this.#limitMs);
    while (this.now < endMs && !this.#violation) {
      const next = this.#planned[0];
      const stopMs = Math.min(endMs, next?.atMs ?? endMs);
      this.#pass(stopMs);
      if (this.#violation || !next || next.atMs > this.now) continue;
      this.#planned.shift();
      this.#guard(next.act);
    }
  }

  /** What is not in order, if now everything had to be. */
  findDisorder(): Violation | undefined {
    for (const checker of this.#checkers) {
      const sentence = checker.onCalm?.(this.nodes);
      if (sentence !== undefined) return { property: checker.property, sentence, atMs: this.now };
    }
    return undefined;
  }

  /** Waits until everything is in order, which must not take longer than `limitMs`. */
  settle(limitMs: number): void {
    const endMs = Math.min(this.now + limitMs, this.#limitMs);
    let disorder = this.findDisorder();
    while (disorder && this.now < endMs && !this.#violation) {
      this.run(Math.min(secondMs, endMs - this.now));
      disorder = this.findDisorder();
    }
    if (this.now >= this.#limitMs) return;
    if (disorder) this.#violation ??= disorder;
    else for (const checker of this.#checkers) checker.onSettled?.();
  }

  /** Lets time pass in which nothing is done, and so nobody may change their mind. */
  rest(forMs: number): void {
    for (const checker of this.#checkers) checker.onPeace?.(true);
    this.run(forMs);
    for (const checker of this.#checkers) checker.onPeace?.(false);
  }

  #createNode(number: number, profile: Profile): SimNode {
    const { world } = this;
    const { agent = () => plainAgent } = this.#options;
    const ip = homeOf(number);
    const name = `n${number}`;
    const node = new SimNode({
      name,
      number,
      ip,
      world,
      profile,
      agent: agent(name),
      ledger: this.#ledger,
      watcher: this.#createWatcher(),
      keepsNotes: this.#isClose,
    });
    this.#nodeAt.set(ip, node);
    this.#nodeCalled.set(node.name, node);
    return node;
  }

  #createWatcher(): NodeWatcher {
    return {
      told: (node, event) => this.#check((checker) => checker.onTold?.(node, event)),
      sending: (node, event) => this.#check((checker) => checker.onSending?.(node, event)),
      answered: (node, query, from) => this.#check((checker) => checker.onAnswer?.(node, query, from)),
      started: (node) => this.#check((checker) => checker.onStarted?.(node)),
      script: (node, step) => this.#check((checker) => checker.onScript?.(node, step)),
      retried: (node, step) => this.#check((checker) => checker.onRetry?.(node, step, this.now)),
      tagged: (node, tags, step) => this.#check((checker) => checker.onTags?.(node, tags, step)),
    };
  }

  #watch(): void {
    const { network } = this.world;
    this.#ledger.watch(network);
    if (this.#isClose) this.#ledger.watchOrder(network, () => this.now);
    network.onPacket((packet, _from, _to, travelMs) => {
      this.#trace.bytes(packet);
      for (const ms of travelMs) this.#trace.number(ms);
    });
    network.onStreamBytes((bytes) => this.#trace.bytes(bytes));
    this.world.onRan((host) => this.#onRan(host));
  }

  /** A process has run. */
  #onRan(host: VirtualHost): void {
    const node = this.#nodeAt.get(host.ip);
    this.#trace.number(this.now);
    this.#trace.number(node?.number ?? 0);
    if (!node?.isRunning || !this.#isClose) return;
    for (const change of this.beliefs.changes(node, this.now)) {
      this.#check((checker) => checker.onBelief?.(change));
    }
  }

  #everySecond(operator: Operator | undefined): void {
    this.at(this.now + secondMs, () => {
      operator?.look(this.now);
      for (const node of this.#isClose ? this.nodes : []) {
        if (node.isRunning) this.#check((checker) => checker.onSecond?.(node, this.now));
      }
      this.#everySecond(operator);
    });
  }

  #pass(untilMs: number): void {
    this.#guard(() => this.world.runUntil(() => this.#violation !== undefined, untilMs - this.now));
  }

  /** What the protocol throws is a violation, too. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      const sentence = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#violation ??= { property: 'nothing throws', sentence, atMs: this.now };
    }
  }

  #check(ask: (checker: Checker) => Verdict): void {
    for (const checker of this.#checkers) {
      const sentence = ask(checker);
      if (sentence !== undefined) {
        this.#violation ??= { property: checker.property, sentence, atMs: this.now };
      }
    }
  }
}

/** The machine on which the node of a number begins. */
export function homeOf(number: number): string {
  return `10.0.${number >> 8}.${number & 255}`;
}

const secondMs = 1_000;
const startMs = 10;
const joinEveryMs = 10;
/** Few are asked, so that what they know spreads to all soon. */
const contactsMax = 100;
const formStepMs = 100;
const formLimitMs = 180_000;
