// Whole servers on virtual machines: gossip, the server port, raft and endpoints together. What they keep on
// their disks outlives their crashes. After each event they are held to the properties of Raft.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { lanProfile } from '@reeve/memberlist';
import {
  defaultConfig,
  type LogStore,
  MemoryLogDisk,
  MemoryLogStore,
  openFileLog,
  openSnapshots,
  type RaftConfig,
} from '@reeve/raft';
import { raftProperties } from '@reeve/raft/properties';
import { SeededRandom, type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { defaultSerfConfig } from '@reeve/serf/core';
import { ConsulServer } from '../../dist/server/consul-server.js';
import { type AskHttp, httpOf } from './ask-http.js';
import { usualPortLimits, usualServerSettings } from './usual-settings.js';

/** How a server is started. */
export interface Wish {
  readonly isBootstrap?: boolean;
  readonly bootstrapExpect?: number;
}

/** How all of them are made. */
export interface ClusterOptions {
  readonly seed?: number;
  readonly raft?: Partial<RaftConfig>;
  /** The longest that a write of the log takes at first, milliseconds. */
  readonly writeMsMax?: number;
  /** Where logs are: in files, as those of a real server, or as objects that outlive it (if not said). */
  readonly logPlace?: 'files' | 'memory';
}

/** Of the write that was under way when power failed: entries, or sectors where the log is in files. */
export interface CutWrite {
  readonly parts: number;
  readonly kept: number;
}

/** Servers s1, s2 … at 10.0.0.1, 10.0.0.2 … */
export class Cluster {
  readonly world: VirtualWorld;
  readonly random: SeededRandom;
  /** The longest that a write of the log takes from now on, milliseconds. */
  writeMsMax: number;
  readonly #options: ClusterOptions;
  /** Logs in memory. */
  readonly #disks = new Map<string, MemoryLogDisk>();
  readonly #logs = new Map<string, LogStore>();
  readonly #running = new Map<string, ConsulServer>();
  readonly #lives = new Map<string, number>();
  readonly #properties = raftProperties();
  #onStepped: () => void = () => {};
  #onRan: (name: string, server: ConsulServer) => void = () => {};

  constructor(options: ClusterOptions = {}) {
    const { seed = 4 } = options;
    this.#options = options;
    this.writeMsMax = options.writeMsMax ?? 0;
    this.world = new VirtualWorld({ seed });
    this.random = new SeededRandom(seed + 1);
    this.world.onRan((host) => this.#lookAt(host));
  }

  /** Those that run, by name. */
  get servers(): ReadonlyMap<string, ConsulServer> {
    return this.#running;
  }

  /** Starts a server with what its disks hold. */
  async start(name: string, wish: Wish = {}): Promise<ConsulServer> {
    const { runtime, ip, files } = this.host(name);
    files.makeDirectory('/raft');
    files.makeDirectory('/serf');
    const snapshots = await this.settle(
      new Promise<Parameters<Parameters<typeof openSnapshots>[2]>[0]>((resolve) => {
        openSnapshots(runtime.disk, '/raft', resolve);
      }),
    );
    assert.ok(snapshots.ok);
    const memberlist = { ...lanProfile(name), bind: { host: ip, port: 8301 } };
    const { raft } = this.#options;
    const log = await this.#openLog(name);
    this.#logs.set(name, log);
    const starting = ConsulServer.start({
      runtime,
      datacenter: 'dc1',
      nodeName: name,
      nodeId: nodeIdOf(name),
      build: '1.8.7:',
      bind: { host: ip, port: 8300 },
      advertiseHost: ip,
      serf: { ...defaultSerfConfig(memberlist), snapshotPath: '/serf/local.snapshot' },
      raft: { ...defaultConfig, ...raft },
      log,
      snapshots: snapshots.value,
      settings: usualServerSettings,
      portLimits: usualPortLimits,
      isBootstrap: wish.isBootstrap ?? false,
      bootstrapExpect: wish.bootstrapExpect ?? 0,
      onGossip: () => {},
      onFatal: (error) => {
        throw error;
      },
    });
    const server = await this.settle(starting);
    this.#running.set(name, server);
    this.#lives.set(name, (this.#lives.get(name) ?? 0) + 1);
    return server;
  }

  /** Starts s1, s2 and s3 for the first time, and waits until one of them leads. */
  startThree(): Promise<ConsulServer[]> {
    return this.startSome(3);
  }

  /** The same with so many servers. */
  async startSome(count: number): Promise<ConsulServer[]> {
    const servers: ConsulServer[] = [];
    for (let i = 1; i <= count; i++) servers.push(await this.start(`s${i}`, { bootstrapExpect: count }));
    for (const server of servers.slice(1)) await this.settle(server.join(['10.0.0.1:8301']));
    await this.awaitLeader();
    return servers;
  }

  /** The machine of a server. */
  host(name: string): VirtualHost {
    return this.world.host(`10.0.0.${name.slice(1)}`);
  }

  /** Whether a server is writing its log. */
  isWriting(name: string): boolean {
    return this.host(name).files.isWriting || (this.#diskOf(name).underWay?.entries.length ?? 0) > 0;
  }

  /** The name of a server that runs. */
  nameOf(server: ConsulServer): string {
    const found = [...this.#running].find(([, running]) => running === server);
    assert.ok(found, 'it does not run');
    return found[0];
  }

  /** Says which life of a server this is. */
  lifeOf(name: string): string {
    return `${name} life ${this.#lives.get(name)}`;
  }

  /** The leader and its term, if no other server thinks that it leads; undefined if one does, or nobody. */
  get onlyLeader(): string | undefined {
    const leaders = [...this.#running].filter(([, { consensus }]) => consensus.isLeader);
    const [[name, leader] = []] = leaders;
    if (leaders.length > 1 || leader?.context.leadership.isEstablished !== true) return undefined;
    return `${name} in term ${leader.consensus.state.term}`;
  }

  /** The server that leads and has taken over. */
  get leader(): ConsulServer | undefined {
    return [...this.#running.values()].find(({ context }) => context.leadership.isEstablished);
  }

  /** Waits for one. */
  async awaitLeader(withinMs = 60_000): Promise<ConsulServer> {
    await this.until(() => this.leader !== undefined, withinMs);
    assert.ok(this.leader);
    return this.leader;
  }

  /** Whether a server votes, as the leader has it; undefined if it takes no part, or nobody leads. */
  voteOf(name: string): boolean | undefined {
    return this.leader?.consensus.servers.find(({ id }) => id === nodeIdOf(name))?.isVoter;
  }

  /** Asks a server over HTTP. */
  ask(server: ConsulServer): AskHttp {
    const ask = httpOf(server.caller);
    return (request, body) => this.settle(ask(request, body));
  }

  /** Pulls the plug: of what was not synced each file keeps so many bytes, and the log a part by chance. */
  crash(server: ConsulServer, keepUnsyncedBytes = 0): CutWrite {
    const name = this.nameOf(server);
    this.#running.delete(name);
    const disk = this.#diskOf(name);
    const entries = disk.underWay?.entries ?? [];
    const sectors: boolean[] = [];
    this.host(name).files.keepsSector = () => {
      sectors.push(this.random.float() < 0.5);
      return sectors.at(-1) === true;
    };
    this.host(name).crash({ keepUnsyncedBytes });
    disk.losePower(this.random);
    const keptEntries = entries.filter((entry) => disk.entries.includes(entry)).length;
    const keptSectors = sectors.filter((isKept) => isKept).length;
    return { parts: entries.length + sectors.length, kept: keptEntries + keptSectors };
  }

  /** Ends a server's process. */
  stop(server: ConsulServer): Promise<void> {
    return this.settle(this.end(server));
  }

  /** The same while time passes anyway. */
  end(server: ConsulServer): Promise<void> {
    this.#running.delete(this.nameOf(server));
    return server.stop();
  }

  /** Has a server looked at after each event there. */
  onRan(look: (name: string, server: ConsulServer) => void): void {
    this.#onRan = look;
  }

  /** Has something looked at after each step of time. */
  onStepped(look: () => void): void {
    this.#onStepped = look;
  }

  /**
   * Lets time pass until a promise has settled. What runs in a thread, as gzip does, knows nothing of virtual
   * time: on a busy machine minutes of it pass before a real second does.
   */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const threadsHaveUntil = performance.now() + threadsMsMax;
    while (!isSettled && performance.now() < threadsHaveUntil) await this.#runUnless(() => isSettled, 60_000);
    await this.until(() => isSettled, 60_000);
    return promise;
  }

  /** Lets time pass until something holds. */
  async until(holds: () => boolean, withinMs: number): Promise<void> {
    for (let passedMs = 0; !holds(); passedMs += stepMs) {
      assert.ok(passedMs < withinMs, `not within ${withinMs} ms`);
      await this.#step(stepMs);
    }
  }

  async #openLog(name: string): Promise<LogStore> {
    const { runtime, files } = this.host(name);
    const { logPlace = 'memory' } = this.#options;
    const writeMs = () => this.random.float() * this.writeMsMax;
    if (logPlace === 'memory') return new MemoryLogStore(runtime.timers, this.#diskOf(name), writeMs);
    files.writeMs = writeMs;
    const opened = await this.settle(
      new Promise<Parameters<Parameters<typeof openFileLog>[2]>[0]>((resolve) => {
        openFileLog(runtime.disk, '/raft', resolve, { layout: smallSegments });
      }),
    );
    if (!opened.ok) throw opened.error;
    return opened.value;
  }

  #diskOf(name: string): MemoryLogDisk {
    const disk = this.#disks.get(name) ?? new MemoryLogDisk();
    this.#disks.set(name, disk);
    return disk;
  }

  #lookAt(host: VirtualHost): void {
    const name = `s${host.ip.slice('10.0.0.'.length)}`;
    const server = this.#running.get(name);
    if (server === undefined) return;
    const { state } = server.consensus;
    const watched = { id: name, state, durableTerm: this.#logs.get(name)?.hardState.term ?? 0 };
    for (const property of this.#properties) property.onRan(watched);
    this.#onRan(name, server);
  }

  async #runUnless(holds: () => boolean, forMs: number): Promise<void> {
    for (let passedMs = 0; !holds() && passedMs < forMs; passedMs += stepMs) await this.#step(stepMs);
  }

  /** Lets so much time pass. */
  async run(forMs: number): Promise<void> {
    for (let leftMs = forMs; leftMs > 0; leftMs -= stepMs) await this.#step(Math.min(leftMs, stepMs));
  }

  /** Promises settle between two steps: a run is a function of its seed. */
  async #step(forMs: number): Promise<void> {
    await setImmediate();
    const endsAtMs = this.world.now + forMs;
    // What a process has missed it hears all at once; as in Node promises settle after each of it.
    while (this.#isAnybodyBlocked && this.#runOne(endsAtMs)) await setImmediate();
    this.world.run(endsAtMs - this.world.now);
    this.#onStepped();
  }

  get #isAnybodyBlocked(): boolean {
    return [...this.#running.keys()].some((name) => this.host(name).isBlocked);
  }

  /** Has the next event happen, if it is not later than that. */
  #runOne(endsAtMs: number): boolean {
    let asked = 0;
    return this.world.runUntil(() => asked++ > 0, endsAtMs - this.world.now);
  }
}

/** Raft's id of a server. */
export function nodeIdOf(name: string): string {
  return `00000000-0000-4000-8000-${name.slice(1).padStart(12, '0')}`;
}

const stepMs = 5;
const smallSegments = { segmentBytes: 32 << 10, roomBytes: 16 << 10 };
/** Real milliseconds. */
const threadsMsMax = 10_000;
