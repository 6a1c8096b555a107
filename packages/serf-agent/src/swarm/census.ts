// What there is to say about a swarm at a moment, as a line or as JSON.

import type { Swarm } from './swarm.ts';

/** A swarm at a moment. */
export interface Census {
  /** Since the census began. */
  readonly seconds: number;
  readonly members: number;
  readonly joined: number;
  /** How many members see every member of the swarm alive. */
  readonly complete: number;
  /** How many members the one that sees fewest, and the one that sees most, sees alive. */
  readonly aliveMin: number;
  readonly aliveMax: number;
  /** How many members the one that is worst off takes for failed. */
  readonly failed: number;
  /** User events told, over all members. */
  readonly events: number;
  /** Of one processor, since the census before. */
  readonly cpuPercent: number;
  readonly rssMib: number;
}

/** Counts a swarm again and again. */
export class CensusTaker {
  readonly #swarm: Swarm;
  readonly #startedAtMs = performance.now();
  #countedAtMs = this.#startedAtMs;
  #cpu = process.cpuUsage();

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  count(): Census {
    const { members, joinedCount, completeCount } = this.#swarm;
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpuPercent = (user + system) / 10 / Math.max(1, nowMs - this.#countedAtMs);
    this.#countedAtMs = nowMs;
    this.#cpu = process.cpuUsage();
    const alive = members.map((member) => member.alive);
    return {
      seconds: Math.round((nowMs - this.#startedAtMs) / 100) / 10,
      members: members.length,
      joined: joinedCount,
      complete: completeCount,
      aliveMin: Math.min(...alive),
      aliveMax: Math.max(...alive),
      failed: Math.max(...members.map(({ failed }) => failed)),
      events: members.reduce((sum, { userEvents }) => sum + userEvents, 0),
      cpuPercent: Math.round(cpuPercent),
      rssMib: Math.round(process.memoryUsage.rss() / 2 ** 20),
    };
  }
}

/** One line: `12.3s  420 of 1000 joined, 398 of 1000 see all  alive 397-420  failed 0  …`. */
export function censusLine(census: Census): string {
  const { seconds, members, joined, complete, aliveMin, aliveMax, failed, events } = census;
  const joining = joined < members ? `${joined} of ${members} joined, ` : '';
  const alive = aliveMin === aliveMax ? aliveMin : `${aliveMin}-${aliveMax}`;
  return [
    `${seconds.toFixed(1)}s`,
    `${joining}${complete} of ${members} see all`,
    `alive ${alive}`,
    `failed ${failed}`,
    `events ${events}`,
    `CPU ${census.cpuPercent}%`,
    `${census.rssMib} MiB`,
  ].join('  ');
}

/** The same for programs, in one line. */
export function censusJson(census: Census): string {
  return JSON.stringify({
    seconds: census.seconds,
    members: census.members,
    joined: census.joined,
    complete: census.complete,
    alive_min: census.aliveMin,
    alive_max: census.aliveMax,
    failed: census.failed,
    events: census.events,
    cpu_percent: census.cpuPercent,
    rss_mib: census.rssMib,
  });
}
