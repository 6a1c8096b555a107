// A node of the simulated cluster: a name, the machine it is on, and an agent – the real one, as far as it is
// not Node's – in its present life, with serf inside.
//
// Who runs a simulation does to it what happens to nodes: started, killed, power cut, blocked, moved to
// another machine, asked to leave. What cannot be done in its present state is not done. Next: operator.ts
// (who looks after nodes), simulation.ts (the whole).

import { encodeText } from '@reeve/bytes';
import { type LogLevel, noMetrics, type Runtime, silentLog } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { type AgentCore, restoreFiles } from '@reeve/serf/agent';
import type { Acquaintance, Serf, SerfConfig, SerfEvent, Tags } from '@reeve/serf/core';
import type { Ledger } from '../faults/ledger.ts';
import { createAgent, keepJoining, type RetryStep } from './agent.ts';
import type { AgentSettings } from './agent-settings.ts';
import { Calls } from './calls.ts';
import type { Profile } from './profiles.ts';

/** Who is told what happens to nodes. */
export interface NodeWatcher {
  /** The application on a node was told something. */
  told(node: SimNode, event: SerfEvent): void;
  /** Somebody sends a user event. */
  sending(node: SimNode, event: string): void;
  /** Somebody is answered. */
  answered(node: SimNode, query: string, from: string): void;
  /** A process is up. */
  started(node: SimNode): void;
  /** A script begins, or ends. */
  script(node: SimNode, step: ScriptStep): void;
  /** An agent that joins until somebody answers comes a step further. */
  retried(node: SimNode, step: RetryStep): void;
  /** Tags are asked for, and later perhaps set; the same object both times. */
  tagged(node: SimNode, tags: Tags, step: 'asked' | 'set'): void;
}

/** What happens to a script. */
export type ScriptStep =
  | { readonly kind: 'begun'; readonly command: string; readonly event: SerfEvent }
  | { readonly kind: 'ended' };

/** What a node is made of. */
export interface NodeParts {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly ip: string;
  readonly world: VirtualWorld;
  readonly profile: Profile;
  readonly agent: AgentSettings;
  readonly ledger: Ledger;
  readonly watcher: NodeWatcher;
  /** Whether what it logs and what its application is told is kept. */
  readonly keepsNotes: boolean;
}

/** Something a node has logged. */
export interface LogLine {
  readonly atMs: number;
  readonly level: LogLevel;
  readonly text: string;
}

/** One node over all its lives. */
export class SimNode {
  readonly name: string;
  readonly number: number;
  /** The machine it is on. */
  host: VirtualHost;
  /** How often it was started. */
  life = 0;
  /** When its present life began. */
  startedAtMs = 0;
  /** When its last life ended. */
  stoppedAtMs = 0;
  /** Somebody has started it, and neither killed it nor made it leave since. */
  isWanted = false;
  /** Whether its present life began with the snapshot of an earlier one. */
  hasMemory = false;
  /** The calls of the present life. */
  calls = new Calls();
  /** What its application was told in this life. */
  told: SerfEvent[] = [];
  /** What it has logged, over all lives; the last 10,000 lines or so. */
  readonly log: LogLine[] = [];
  readonly #parts: NodeParts;
  #agent: AgentCore | undefined;
  #isRunning = false;
  #isStarted = false;
  #stopRetrying = (): void => {};

  constructor(parts: NodeParts) {
    this.name = parts.name;
    this.number = parts.number;
    this.#parts = parts;
    this.host = this.#machine(parts.ip);
    for (const [path, text] of parts.agent.files) this.host.files.write(path, encodeText(text));
  }

  /** What its agent has besides. */
  get settings(): AgentSettings {
    return this.#parts.agent;
  }

  /** Whether it tells its application of several events about a member at once. */
  get coalesces(): boolean {
    return this.#parts.profile(this.name).coalescePeriodMs > 0;
  }

  /** The node in its agent; undefined while there is none. */
  get serf(): Serf | undefined {
    return this.#agent?.serf;
  }

  /** Whether there is a process. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether it is a member that can be asked for something: started, not leaving, not blocked. */
  get isUp(): boolean {
    return this.isMember && !this.host.isBlocked;
  }

  /** Whether it is started and does not leave. */
  get isMember(): boolean {
    return this.#isStarted && this.serf?.state === 'alive';
  }

  /** Starts the process, alone unless a snapshot remembers others or it is told whom it knows. */
  start(known?: Acquaintance): void {
    if (this.#isRunning) return;
    const { profile, world, ledger, agent } = this.#parts;
    if (this.life > 0) ledger.count('restarts');
    this.life++;
    this.#isRunning = true;
    this.isWanted = true;
    this.startedAtMs = world.now;
    this.told = [];
    this.calls = new Calls();
    const config = profile(this.name);
    this.hasMemory =
      config.snapshotPath !== undefined && this.host.files.read(config.snapshotPath) !== undefined;
    const bind = { ...config.memberlist.bind, host: this.host.ip };
    const boundConfig = { ...config, memberlist: { ...config.memberlist, bind } };
    const ended = this.calls.begin('start', world.now + startLimitMs);
    const runtime = this.#runtime();
    restoreFiles({ ...agent, tags: config.tags, encryptKey: '' }, boundConfig, runtime, (restored) => {
      if (restored.ok) return this.#run(restored.value, runtime, known, ended);
      ended();
      this.#onFailedStart(restored.error);
    });
  }

  /**
   * Kills the process without a goodbye. With `keepUnsyncedBytes` power fails, too; see `VirtualHost.crash`.
   */
  crash(options: { readonly keepUnsyncedBytes?: number } = {}): void {
    if (!this.#isRunning) return;
    const { ledger } = this.#parts;
    ledger.count('crashes');
    const before = this.#fileBytes();
    this.isWanted = false;
    this.#end(options);
    if (this.#fileBytes() < before) ledger.count('tornWrites');
  }

  /** Puts the disk into another machine, where the next start will be. A running process is killed first. */
  moveTo(ip: string): void {
    this.crash();
    this.#parts.ledger.count('moves');
    const { files } = this.host;
    this.host = this.#machine(ip);
    for (const path of files.paths) this.host.files.write(path, files.read(path) ?? new Uint8Array());
  }

  /** Blocks the process for a while. */
  block(forMs: number): void {
    if (!this.#isRunning) return;
    this.#parts.ledger.count('blocks');
    this.calls.delay(forMs);
    this.host.block(forMs);
  }

  /** Joins through addresses or names of machines. */
  join(addresses: readonly string[]): void {
    const ended = this.#begin('join', joinLimitMs * addresses.length);
    if (ended) this.#agent?.join(addresses, true, ended);
  }

  /** Says goodbye, then ends the process. */
  leave(): void {
    const agent = this.#agent;
    const ended = this.#begin('leave', leaveLimitMs);
    if (!ended) return;
    this.#parts.ledger.count('leaves');
    this.isWanted = false;
    agent?.leave(() => {
      ended();
      this.#stopRetrying();
      agent.shutdown(() => {});
    });
  }

  /** Replaces its tags. */
  setTags(tags: Tags): void {
    const ended = this.#begin('tags', updateLimitMs);
    if (!ended) return;
    const { watcher } = this.#parts;
    watcher.tagged(this, tags, 'asked');
    this.#agent?.setTags(tags, (error) => {
      ended();
      if (!error) watcher.tagged(this, tags, 'set');
    });
  }

  /** Declares another node left; with `prune` everybody forgets it. */
  forceLeave(name: string, prune: boolean): void {
    const ended = this.#begin('force-leave', updateLimitMs);
    if (ended) this.#agent?.forceLeave(name, prune, ended);
  }

  /** Asks everybody. */
  query(name: string): void {
    if (!this.isUp) return;
    const ended = this.calls.begin('query', this.#parts.world.now + queryMs + updateLimitMs);
    const handlers = {
      onAck: () => {},
      onResponse: (from: string) => this.#parts.watcher.answered(this, name, from),
      onDone: ended,
    };
    this.#agent?.query(name, new Uint8Array(), { timeoutMs: queryMs }, handlers);
  }

  /** Makes everything but reading from its disk fail for a while, with an error such as `ENOSPC`. */
  failDisk(code: string, forMs: number): void {
    const { world, ledger } = this.#parts;
    const endMs = world.now + forMs;
    this.host.files.fault = (call) => {
      if (call === 'read' || world.now >= endMs) return undefined;
      ledger.count('diskFailures');
      return code;
    };
  }

  /** Sends a user event. */
  event(name: string, payload: string): void {
    if (!this.isUp) return;
    this.#parts.watcher.sending(this, `${name} ${payload}`);
    this.#agent?.userEvent(name, encodeText(payload), false);
  }

  #run(config: SerfConfig, runtime: Runtime, known: Acquaintance | undefined, ended: () => void): void {
    const { life, settings } = this;
    const { watcher, ledger } = this.#parts;
    const agent = createAgent({
      settings,
      config,
      runtime,
      known,
      watcher: {
        begun: (command, event) => {
          ledger.count('scripts');
          watcher.script(this, { kind: 'begun', command, event });
        },
        ended: (failure) => {
          if (failure !== undefined) ledger.count('failedScripts');
          watcher.script(this, { kind: 'ended' });
        },
      },
      onEvent: (event) => this.#onEvent(event),
      onStopped: () => this.#onStopped(life),
    });
    this.#agent = agent;
    agent.start((error) => {
      ended();
      if (error) return this.#onFailedStart(error);
      this.#isStarted = true;
      watcher.started(this);
      const onStep = (step: RetryStep): void => {
        if (step === 'failed') ledger.count('vainJoins');
        watcher.retried(this, step);
      };
      if (settings.retryJoin) this.#stopRetrying = keepJoining(agent, settings.retryJoin, runtime, onStep);
    });
  }

  #runtime(): Runtime {
    const { world, keepsNotes } = this.#parts;
    if (!keepsNotes) return { ...this.host.runtime, log: silentLog, metrics: noMetrics };
    const log = (level: LogLevel, text: string): void => {
      this.log.push({ atMs: world.now, level, text });
      if (this.log.length > logLinesMax) this.log.splice(0, logLinesMax / 2);
    };
    return { ...this.host.runtime, log, metrics: noMetrics };
  }

  #machine(ip: string): VirtualHost {
    const host = this.#parts.world.host(ip);
    host.files.makeDirectory(dataDirectory);
    return host;
  }

  /** The application: takes notes, and answers every query with its name. */
  #onEvent(event: SerfEvent): void {
    if (this.#parts.keepsNotes) this.told.push(event);
    this.#parts.watcher.told(this, event);
    if (event.kind === 'query') event.respond(encodeText(this.name));
  }

  #begin(what: string, limitMs: number): (() => void) | undefined {
    return this.isUp ? this.calls.begin(what, this.#parts.world.now + limitMs) : undefined;
  }

  #onFailedStart(error: Error): void {
    this.log.push({ atMs: this.#parts.world.now, level: 'err', text: `start: ${error.message}` });
    this.#end({});
  }

  /** It ended by itself: it had left, or lost its name to another. */
  #onStopped(life: number): void {
    if (life === this.life) this.#end({});
  }

  #end(options: { readonly keepUnsyncedBytes?: number }): void {
    this.host.crash(options);
    this.#agent = undefined;
    this.#isRunning = false;
    this.#isStarted = false;
    this.stoppedAtMs = this.#parts.world.now;
  }

  #fileBytes(): number {
    const { files } = this.host;
    return files.paths.reduce((sum, path) => sum + (files.read(path)?.length ?? 0), 0);
  }
}

const logLinesMax = 20_000;

/** Where the files of a node may be. */
export const dataDirectory = '/data';

const queryMs = 5_000;
/** Far more than it may take: these find calls that never end. */
const startLimitMs = 1_000;
const updateLimitMs = 10_000;
const leaveLimitMs = 20_000;
/** An address may have to be resolved, connected to and heard from, each until it times out. */
const joinLimitMs = 35_000;
