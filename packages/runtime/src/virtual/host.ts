// One machine of the virtual world: an address, files, and the process that runs on it.
//
// `runtime` belongs to the present life of the process. After `crash` the old runtime does nothing any more,
// and `runtime` is that of the next start, with the files of the last. Next: machine.ts, life.ts, disk.ts.

import type { LogLevel } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Random } from '../random.ts';
import type { Runtime } from '../runtime.ts';
import { isPrivateAddress } from '../special-address.ts';
import type { Agenda } from './agenda.ts';
import { createVirtualDisk } from './disk.ts';
import { VirtualFiles } from './files.ts';
import { Life } from './life.ts';
import { isLoopback, type Machine } from './machine.ts';
import { lookUp } from './names.ts';
import type { VirtualNetwork } from './network.ts';
import { bindPackets } from './packets.ts';
import { PortTable } from './ports.ts';
import { dial, listen } from './streams.ts';

/** What a host is made of; `VirtualWorld.host` fills it in. */
export interface HostParts {
  readonly ip: string;
  readonly agenda: Agenda;
  readonly network: VirtualNetwork;
  readonly random: Random;
  /** All machines of the world in their present lives, by address; the host keeps its own up to date. */
  readonly machines: Map<string, Machine>;
  /** Called each time the process was told something. */
  readonly ran: (host: VirtualHost) => void;
}

/** One machine and the process on it. */
export class VirtualHost {
  /** The machine's address, canonical text. */
  readonly ip: string;
  /** What the process logged, `[WARN] memberlist: …`; the last 10,000 lines, over all its lives. */
  readonly logLines: string[] = [];
  /** The sums of what was counted. */
  readonly counters = new Map<string, number>();
  /** The last value of each gauge. */
  readonly gauges = new Map<string, number>();
  /** The last 1,000 samples of each name. */
  readonly samples = new Map<string, number[]>();
  /** The machine's disk, which crashes leave alone. */
  readonly files = new VirtualFiles();
  readonly #parts: HostParts;
  #life: Life;
  #runtime: Runtime;
  #unblockPackets: (() => void) | undefined;
  #clockAheadMs = 0;

  constructor(parts: HostParts) {
    this.ip = parts.ip;
    this.#parts = parts;
    this.#life = this.#createLife();
    this.#runtime = this.#boot();
  }

  /** The outside world of the process in its present life. */
  get runtime(): Runtime {
    return this.#runtime;
  }

  /**
   * Kills the process: its timers and sockets are gone, others find their streams reset. With
   * `keepUnsyncedBytes` power fails too, and of each file only that much of what was not synced is left.
   * Otherwise the system ends the writes in place that were under way.
   */
  crash(options: { readonly keepUnsyncedBytes?: number } = {}): void {
    this.#life.end();
    if (options.keepUnsyncedBytes === undefined) this.files.endWrites();
    else this.files.losePower(options.keepUnsyncedBytes);
    this.#life = this.#createLife();
    this.#runtime = this.#boot();
  }

  /**
   * Stops the process for a while: it does not run, and what comes due or arrives meanwhile it hears
   * afterwards, in order. Nobody else can tell it from a slow one.
   */
  block(forMs: number): void {
    this.#life.block(forMs);
  }

  /**
   * Holds up what the process sends and what it is sent, while its timers go on: the anomaly of the Lifeguard
   * paper, in which a member stops before each message and its clock does not. With `stopsAtSend` the process
   * stands still from its first send on, as a thread does whose send does not return. Twice: until the later
   * end.
   */
  blockMessages(forMs: number, { stopsAtSend = false }: { readonly stopsAtSend?: boolean } = {}): void {
    this.#life.blockMessages(forMs, stopsAtSend);
  }

  /** True while the process is blocked, or catches up with what it has missed. */
  get isBlocked(): boolean {
    return this.#life.isBlocked;
  }

  /** Sets the clock on the machine's wall forward, or back; timers do not notice. It outlives crashes. */
  jumpClock(byMs: number): void {
    this.#clockAheadMs += byMs;
  }

  /** Loses all datagrams to and from this machine from now on; streams go on working. */
  blockPackets(): void {
    this.unblockPackets();
    this.#unblockPackets = this.#parts.network.dropPackets(
      (_packet, from, to) => from.host === this.ip || to.host === this.ip,
    );
  }

  /** Ends `blockPackets`. */
  unblockPackets(): void {
    this.#unblockPackets?.();
    this.#unblockPackets = undefined;
  }

  #createLife(): Life {
    return new Life(this.#parts.agenda, () => this.#parts.ran(this));
  }

  /** Makes the world of the present life. */
  #boot(): Runtime {
    const { ip, agenda, network, machines } = this.#parts;
    const life = this.#life;
    const machine: Machine = {
      ip,
      agenda,
      network,
      life,
      udp: new PortTable(),
      tcp: new PortTable(),
      route: (to) => machines.get(to) ?? (isLoopback(to) ? machines.get(ip) : undefined),
    };
    machines.set(ip, machine);
    return {
      clock: {
        now: () => life.now,
        wallTime: () => Math.floor(wallTimeAtStart + this.#clockAheadMs + life.now),
      },
      timers: { after: (delayMs, fire) => life.later(delayMs, fire) },
      random: this.#parts.random,
      network: {
        bindPackets: (at, onPacket, done) => bindPackets(machine, at, onPacket, done),
        listen: (at, accept, done) => listen(machine, at, accept, done),
        dial: (to, timeoutMs, handler) => dial(machine, to, timeoutMs, handler),
        resolve: (host, done) => {
          life.later(network.latency(ip, ip), () => done(lookUp(network, host)));
        },
        privateAddress: () => (isPrivateAddress(this.ip) ? this.ip : undefined),
      },
      disk: createVirtualDisk(this.files, life),
      log: (level, text) => {
        if (life.alive) this.#log(level, text);
      },
      metrics: this.#createMetrics(),
    };
  }

  #log(level: LogLevel, text: string): void {
    this.logLines.push(`[${level.toUpperCase()}] ${text}`);
    if (this.logLines.length > logLinesMax) this.logLines.shift();
  }

  #createMetrics(): Metrics {
    return {
      count: (name, value) => this.counters.set(name, (this.counters.get(name) ?? 0) + value),
      gauge: (name, value) => this.gauges.set(name, value),
      sample: (name, value) => {
        const samples = this.samples.get(name) ?? [];
        samples.push(value);
        if (samples.length > samplesMax) samples.shift();
        this.samples.set(name, samples);
      },
    };
  }
}

const logLinesMax = 10_000;
const samplesMax = 1_000;

/** 2026-01-01T00:00:00Z: worlds begin on the same day, so that runs can be compared. */
const wallTimeAtStart = 1_767_225_600_000;
