// A storm: a cluster whose size, settings, faults and commands are decided by a seed. Faults come and go for
// a while, several at once; then all end, the cluster has to come to rest, hears a last event, and has to
// stay at rest.
//
// A storm is a script (script/commands.ts), so that it can be read, printed, edited and replayed.

import type { ProfileName } from '../cluster/profiles.ts';
import { formatSettings, type Settings } from '../script/settings.ts';
import { Chance } from './chance.ts';

/** The storm of a seed, as a script. */
export function storm(seed: number): readonly string[] {
  const chance = new Chance(seed);
  const nodes = chance.holds(0.95) ? 3 + chance.below(6) : 10 + chance.below(7);
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const settings = {
    nodes,
    seed,
    profile: chance.pick<ProfileName>([...Array(7).fill('quick'), 'local', 'local', 'lan']),
    reclaimMs: chance.holds(0.5) ? 0 : 3_000,
    snapshots: chance.holds(0.4),
    encrypted: chance.holds(0.1),
    operator: true,
    apart: true,
  };
  const calmAtMs = stormBeginsMs + 20_000 + chance.below(25_000);
  const blows = new Blows(chance, names, calmAtMs);
  const count = 5 + chance.below(15);
  const steps = names.map((name, index) => ({ atMs: index * chance.below(500), line: `start ${name}` }));
  for (let made = 0; made < count; made++) steps.push(...blows.next());
  const first = formatSettings({ ...settings, ...agentSettings(chance) });
  return [first, ...paced(steps, calmAtMs), ...comingToRest];
}

/** Half of all clusters are of agents with all they have. */
function agentSettings(chance: Chance): Pick<Settings, 'agents' | 'retryMs'> {
  const agents = chance.holds(0.5);
  return { agents, retryMs: agents && chance.holds(0.5) ? chance.between(1_000, 10_000) : 0 };
}

interface Step {
  readonly atMs: number;
  readonly line: string;
}

/** The steps in order, with the time between them; what would come after the end comes at the end. */
function paced(steps: readonly Step[], endMs: number): readonly string[] {
  const ordered = steps.map(({ atMs, line }) => ({ atMs: Math.min(atMs, endMs), line }));
  ordered.sort((a, b) => a.atMs - b.atMs);
  let nowMs = 0;
  const lines = ordered.flatMap(({ atMs, line }) => {
    const pause = atMs > nowMs ? [`run ${atMs - nowMs}ms`] : [];
    nowMs = atMs;
    return [...pause, line];
  });
  return [...lines, `run ${endMs - nowMs}ms`];
}

/** Makes the steps between the beginning of the storm and its end. */
class Blows {
  readonly #chance: Chance;
  readonly #names: readonly string[];
  readonly #endMs: number;
  #made = 0;

  constructor(chance: Chance, names: readonly string[], endMs: number) {
    this.#chance = chance;
    this.#names = names;
    this.#endMs = endMs;
  }

  /** One blow, with what belongs to it. */
  next(): readonly Step[] {
    this.#made++;
    const atMs = this.#chance.between(stormBeginsMs, this.#endMs - 1);
    const kinds = [
      () => this.#crash(atMs),
      () => this.#crash(atMs),
      () => this.#leave(atMs),
      () => this.#block(atMs),
      () => this.#partition(atMs),
      () => this.#fault(atMs, `loss ${this.#percent(5, 60)}${this.#way()}`),
      () => this.#fault(atMs, `duplicate ${this.#percent(5, 40)} within ${this.#ms(1, 500)}${this.#way()}`),
      () => this.#fault(atMs, `reorder ${this.#percent(5, 40)} by ${this.#ms(20, 2_000)}${this.#way()}`),
      () => this.#fault(atMs, `latency ${this.#latency()}${this.#way()}`),
      () => this.#fault(atMs, `cut ${this.#name()} to ${this.#name()}`),
      () => [{ atMs, line: `event ${this.#name()} small ${this.#made}` }],
      () => [
        {
          atMs,
          line: `event ${this.#name()} large ${this.#made} bytes ${this.#chance.between(1_000, 9_000)}`,
        },
      ],
      () => [{ atMs, line: `query ${this.#name()} q${this.#made}` }],
      () => [{ atMs, line: `disk ${this.#name()} ENOSPC for ${this.#ms(100, 20_000)}` }],
      () => [{ atMs, line: `tags ${this.#name()} role=r${this.#made}` }],
      () => [
        {
          atMs,
          line: `force-leave ${this.#name()} ${this.#name()}${this.#chance.holds(0.3) ? ' prune' : ''}`,
        },
      ],
    ];
    return this.#chance.pick(kinds)();
  }

  /** A death, of the process or of the power, mostly followed by a return – sometimes elsewhere. */
  #crash(atMs: number): readonly Step[] {
    const name = this.#name();
    const backAtMs = atMs + this.#chance.between(200, 20_000);
    const line = this.#chance.holds(0.3)
      ? `power-cut ${name} keep ${this.#chance.between(0, 200)}`
      : `crash ${name}`;
    const elsewhere = `move ${name} 10.${this.#made}.${this.#chance.between(0, 250)}.1`;
    const move = this.#chance.holds(0.2) ? [{ atMs: backAtMs, line: elsewhere }] : [];
    const start = this.#chance.holds(0.8) ? [{ atMs: backAtMs, line: `start ${name}` }] : [];
    return [{ atMs, line }, ...move, ...start];
  }

  #leave(atMs: number): readonly Step[] {
    const name = this.#name();
    const back = { atMs: atMs + this.#chance.between(2_000, 20_000), line: `start ${name}` };
    return [{ atMs, line: `leave ${name}` }, ...(this.#chance.holds(0.6) ? [back] : [])];
  }

  /** As in the Lifeguard paper: blocked and running in turns. */
  #block(beginMs: number): readonly Step[] {
    const name = this.#name();
    const steps: Step[] = [];
    let atMs = beginMs;
    for (let left = 1 + this.#chance.below(4); left > 0 && atMs < this.#endMs; left--) {
      const forMs = Math.min(this.#chance.between(100, 12_000), this.#endMs - atMs);
      steps.push({ atMs, line: `block ${name} for ${forMs}ms` });
      atMs += forMs + this.#chance.between(1, 1_000);
    }
    return steps;
  }

  #partition(atMs: number): readonly Step[] {
    const side = this.#names.filter(() => this.#chance.holds(0.4));
    return this.#fault(atMs, `partition ${side.join(',') || this.#name()}`);
  }

  /** A fault of the network, for a while. */
  #fault(atMs: number, line: string): readonly Step[] {
    return [{ atMs, line: `${line} for ${this.#ms(1_000, 25_000)}` }];
  }

  #latency(): string {
    const [minMs, spreadMs] = [this.#chance.between(1, 300), this.#chance.between(1, 1_500)];
    return this.#chance.holds(0.5) ? `${minMs}ms..${minMs + spreadMs}ms` : `${minMs}ms tail`;
  }

  #way(): string {
    if (this.#chance.holds(0.5)) return '';
    return this.#chance.holds(0.5) ? ` from ${this.#name()}` : ` from ${this.#name()} to ${this.#name()}`;
  }

  #name(): string {
    return this.#chance.pick(this.#names);
  }

  #percent(min: number, max: number): string {
    return `${this.#chance.between(min, max)}%`;
  }

  #ms(min: number, max: number): string {
    return `${this.#chance.between(min, max)}ms`;
  }
}

const stormBeginsMs = 5_000;

/** Probes that began in the storm may fail for some seconds; exchanges and reconnecting take longer. */
const comingToRest = ['heal', 'run 10s', 'settle 3m', 'event anyone calm', 'rest 10s', 'settle 3m'] as const;
