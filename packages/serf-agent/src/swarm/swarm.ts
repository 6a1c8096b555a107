// Many serf nodes in one process, each with sockets of its own, that become one cluster. For development and
// load tests: to other members they are members like any other.
//
// Each joins through one that has joined before, so that nobody has to serve all. A few join at a time, and
// only while the process keeps up with its sockets (calm.ts). Next: member.ts, census.ts.

import type { Log, Runtime } from '@reeve/runtime';
import { createNodeRuntime } from '@reeve/runtime/node';
import { errorText } from '../error-text.ts';
import { pause, untilCalm } from './calm.ts';
import { SwarmMember } from './member.ts';
import type { SwarmPlan } from './plan.ts';

/** A running swarm. */
export class Swarm {
  readonly #plan: SwarmPlan;
  readonly #members: readonly SwarmMember[];
  readonly #runtime: Runtime;
  readonly #joined: SwarmMember[] = [];
  #isEnding = false;

  /** Opens the sockets of all members. Rejects, and leaves nothing open, when one cannot. */
  static async start(plan: SwarmPlan, log: Log): Promise<Swarm> {
    const { compileRe2 } = await import('@reeve/serf/re2'); // large
    const swarm = new Swarm(plan, createNodeRuntime({ log }), compileRe2);
    try {
      for (const member of swarm.#members) await member.start();
      return swarm;
    } catch (error) {
      await swarm.shutdown();
      throw error;
    }
  }

  private constructor(
    plan: SwarmPlan,
    runtime: Runtime,
    compileRegexp: typeof import('@reeve/serf/re2').compileRe2,
  ) {
    const names = new Set(plan.members.map(({ memberlist }) => memberlist.name));
    const world = { runtime, compileRegexp, isOurs: (name: string) => names.has(name) };
    this.#plan = plan;
    this.#runtime = runtime;
    this.#members = plan.members.map((member) => new SwarmMember(member, world));
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
    this.#joined.push(first);
    const waiting = others.values();
    const join = async (): Promise<void> => {
      for (const member of waiting) await this.#join(member);
    };
    await Promise.all(Array.from({ length: joinsAtOnce }, join));
    while (!this.#isEnding && this.completeCount < this.#members.length) await pause(this.#runtime);
  }

  /** All say goodbye; resolves when the others had a chance to hear it. */
  async leave(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#members.map((member) => member.leave()));
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

const joinsAtOnce = 8;
const joinTries = 10;
