// Many serf nodes in one process, each with sockets of its own, that become one cluster. For development and
// load tests: to other members they are members like any other.
//
// Each joins through one that has joined before, so that nobody has to serve all. A few join at a time, and
// only while the process keeps up with its sockets (calm.ts). Or they are acquainted from the start, as after
// having joined long ago; then what all of them know is kept once. Next: member.ts, census.ts.

import type { Log, Runtime } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import type { RegexpCompiler } from '@reeve/serf/core';
import { CommonKnowledge } from '@reeve/sim';
import { errorText } from '../error-text.ts';
import { pause, untilCalm } from './calm.ts';
import { SwarmMember } from './member.ts';
import type { SwarmPlan } from './plan.ts';

/** A running swarm. */
export class Swarm {
  readonly #plan: SwarmPlan;
  readonly #members: readonly SwarmMember[];
  readonly #runtime: Runtime;
  readonly #joined: SwarmMember[];
  #isEnding = false;

  /** Opens the sockets of all members. Rejects, and leaves nothing open, when one cannot. */
  static async start(plan: SwarmPlan, log: Log): Promise<Swarm> {
    const { compileRe2 } = await import('@reeve/serf/re2'); // large
    const world = { runtime: createNodeRuntime({ log }), compileRegexp: compileRe2 };
    const strangers = await Swarm.#open(plan, world);
    if (!plan.acquainted) return strangers;
    // Only who has started can be described to others. Now each starts again, where it was.
    await strangers.shutdown();
    const knowledge = new CommonKnowledge(strangers.members.map(({ serf }) => serf));
    const members = plan.members.map(({ memberlist, tags }, index) => {
      const bind = strangers.members[index]?.endpoint ?? memberlist.bind;
      return { memberlist: { ...memberlist, bind }, tags };
    });
    return Swarm.#open({ ...plan, members }, world, knowledge);
  }

  static async #open(plan: SwarmPlan, world: SwarmWorld, knowledge?: CommonKnowledge): Promise<Swarm> {
    const swarm = new Swarm(plan, world, knowledge);
    try {
      for (const member of swarm.members) await member.start();
      return swarm;
    } catch (error) {
      await swarm.shutdown();
      throw error;
    }
  }

  private constructor(plan: SwarmPlan, world: SwarmWorld, knowledge: CommonKnowledge | undefined) {
    const names = new Set(plan.members.map(({ memberlist }) => memberlist.name));
    const isOurs = (name: string): boolean => names.has(name);
    this.#plan = plan;
    this.#runtime = world.runtime;
    this.#members = plan.members.map((member) => {
      const known = knowledge?.acquaintance(world.runtime.random);
      return new SwarmMember(member, { ...world, isOurs, known });
    });
    this.#joined = knowledge ? [...this.#members] : [];
  }

  /** All members, joined or not. */
  get members(): readonly SwarmMember[] {
    return this.#members;
  }

  /** How many have joined. */
  get joinedCount(): number {
    return this.#joined.length;
  }

  /** How many members see every member of the swarm alive. */
  get completeCount(): number {
    return this.#members.filter(({ oursAlive }) => oursAlive >= this.#members.length).length;
  }

  /**
   * Makes one cluster of them, and of the one they are to join. Resolves when every member sees all others
   * alive, or when the swarm is told to leave. Rejects when a member cannot join.
   */
  async form(): Promise<void> {
    const [first, ...others] = this.#members;
    if (first === undefined) return;
    if (this.#plan.join.length > 0) await first.join(this.#plan.join);
    if (this.#plan.acquainted) return;
    this.#joined.push(first);
    const waiting = others.values();
    const join = async (): Promise<void> => {
      for (const member of waiting) await this.#join(member);
    };
    await Promise.all(Array.from({ length: joinsAtOnce }, join));
    while (!this.#isEnding && this.completeCount < this.#members.length) await pause(this.#runtime);
  }

  /**
   * All say goodbye, if there is anybody else to hear it, and stop. Some at a time: a thousand goodbyes at
   * once are heard by nobody.
   */
  async leave(): Promise<void> {
    this.#isEnding = true;
    if (!this.#members.some(({ alive, oursAlive }) => alive > oursAlive)) return;
    const staying = this.#members.values();
    const leave = async (): Promise<void> => {
      for (const member of staying) {
        await member.leave();
        member.shutdown();
      }
    };
    await Promise.all(Array.from({ length: leavesAtOnce }, leave));
  }

  /** Stops all at once; resolves when nothing is left of them. */
  async shutdown(): Promise<void> {
    this.#isEnding = true;
    for (const member of this.#members) member.shutdown();
    await Promise.all(this.#members.map(({ down }) => down));
  }

  /** On a machine that is busy with other things a join may take too long; the next one may not. */
  async #join(member: SwarmMember): Promise<void> {
    for (let triesLeft = joinTries; !this.#isEnding; triesLeft--) {
      await untilCalm(this.#runtime);
      const through = this.#joined[Math.floor(Math.random() * this.#joined.length)];
      if (through === undefined || this.#isEnding) return;
      try {
        await member.join([through.address]);
        this.#joined.push(member);
        return;
      } catch (error) {
        if (triesLeft === 0) throw new Error(`${member.name} could not join: ${errorText(error)}`);
      }
    }
  }
}

/** What all members run in. */
interface SwarmWorld {
  readonly runtime: Runtime;
  readonly compileRegexp: RegexpCompiler;
}

const joinsAtOnce = 8;
const leavesAtOnce = 32;
const joinTries = 10;
