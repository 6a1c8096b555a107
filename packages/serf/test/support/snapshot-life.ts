// One life of a process that keeps a snapshot: what it wrote, and what it ought to remember after each line.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import type { AppendFile, Disk } from '@reeve/runtime';
import type { VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import type { MemberEventKind } from '@reeve/serf/core';
import fc from 'fast-check';
import { LamportClock } from '../../dist/core/lamport-clock.js';
import { openSnapshot, type Snapshot, snapshotTickMs } from '../../dist/core/snapshot.js';
import type { SnapshotContent } from '../../dist/core/snapshot-replay.js';

/** Where the snapshot is. */
export const path = '/var/serf.snap';

/** Something that happens. */
export type Step =
  | { readonly do: MemberEventKind; readonly name: string; readonly host: string }
  | { readonly do: 'user' | 'query' | 'clock'; readonly lTime: number }
  | { readonly do: 'wait'; readonly ms: number };

/** Names that look like parts of lines. */
const names = ['web1', 'web 2', 'naïve ☃', 'alive: x 1:1', 'leave', '10.0.0.1:7946', '# no comment', ''];
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('member-join', 'member-join', 'member-leave', 'member-failed', 'member-update'),
    name: fc.constantFrom(...names),
    host: fc.constantFrom('10.0.0.7', '10.0.0.8', 'fd00::1'),
  }) as fc.Arbitrary<Step>,
  fc.record({ do: fc.constantFrom('user', 'query', 'clock'), lTime: fc.nat(1_000) }) as fc.Arbitrary<Step>,
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 700 }) }),
);
/** So many things that happen. */
export const steps = fc.array(step, { minLength: 40, maxLength: 120 });

/** A write: how many lines the file tells of before it, and after it. */
export interface Write {
  readonly kind: 'append' | 'replace';
  readonly bytes: Uint8Array;
  readonly atMs: number;
  readonly knew: number;
  readonly knows: number;
}

/** What is true after each line that was ever recorded. */
export interface State {
  readonly atMs: number;
  readonly text: string;
}

/** One life of a process with a snapshot, what it wrote, and what it ought to remember. */
export class Life {
  readonly host: VirtualHost;
  readonly #world: VirtualWorld;
  readonly snapshot: Snapshot;
  /** What it remembered from before. */
  readonly content: SnapshotContent;
  /** Begins with what was remembered; one more a line. */
  readonly states: State[] = [];
  readonly journal: Write[] = [];
  /** The state that a kill cannot take back. */
  certainAfterKill = 0;
  /** The state that a power cut cannot take back; undefined while nothing was made safe in this life. */
  certainAfterPowerCut: number | undefined;
  readonly #clock = new LamportClock();
  readonly #now: { alive: Map<string, string>; clock: number; eventClock: number; queryClock: number };

  constructor(world: VirtualWorld) {
    const host = world.host('10.0.0.1');
    this.host = host;
    this.#world = world;
    host.files.makeDirectory('/var');
    const runtime = { ...host.runtime, disk: this.#recording(host.runtime.disk) };
    let opened: { snapshot: Snapshot; content: SnapshotContent } | undefined;
    const options = { path, bytesMax: 1e7, rejoinAfterLeave: false, clock: this.#clock };
    openSnapshot(options, runtime, (result) => {
      assert.ok(result.ok);
      opened = result.value;
    });
    assert.ok(world.runUntil(() => opened !== undefined, 1_000));
    const { snapshot, content } = opened as unknown as NonNullable<typeof opened>;
    this.snapshot = snapshot;
    this.content = content;
    this.#clock.witness(content.clock);
    this.#now = { ...content, alive: new Map(content.alive) };
    this.#note();
    const tick = (): void => {
      this.#noteClock();
      this.snapshot.tick();
      runtime.timers.after(snapshotTickMs, tick);
    };
    runtime.timers.after(snapshotTickMs, tick);
  }

  do(next: Step): void {
    switch (next.do) {
      case 'wait':
        return this.#world.run(next.ms);
      case 'clock':
        return this.#clock.restore(next.lTime);
      case 'user':
        this.snapshot.record({ ...event, kind: 'user', lTime: next.lTime, coalesce: false });
        return this.#noteTime('eventClock', next.lTime);
      case 'query':
        this.snapshot.record({ ...event, ...query, kind: 'query', lTime: next.lTime });
        return this.#noteTime('queryClock', next.lTime);
      default: {
        const member = { ...versions, name: next.name, host: next.host, port: 7946 };
        this.#noteMember(next.do, next.name, next.host);
        this.#noteClock();
        this.snapshot.record({ kind: next.do, members: [member] });
      }
    }
  }

  #noteMember(kind: MemberEventKind, name: string, host: string): void {
    const { alive } = this.#now;
    if (kind === 'member-join') alive.set(name, host.includes(':') ? `[${host}]:7946` : `${host}:7946`);
    else if (kind === 'member-leave' || kind === 'member-failed') alive.delete(name);
    else return;
    this.#note();
  }

  #noteClock(): void {
    this.#noteTime('clock', this.#clock.time - 1);
  }

  #noteTime(key: 'clock' | 'eventClock' | 'queryClock', lTime: number): void {
    if (lTime <= this.#now[key]) return;
    this.#now[key] = lTime;
    this.#note();
  }

  #note(): void {
    this.states.push({ atMs: this.host.runtime.clock.now(), text: stateOf(this.#now) });
  }

  /** The disk, with everything written to the snapshot on record. */
  #recording(disk: Disk): Disk {
    return {
      ...disk,
      openAppend: (file, mode, done) =>
        disk.openAppend(file, mode, (opened) =>
          done(opened.ok ? { ok: true, value: this.#recordingFile(opened.value) } : opened),
        ),
      replace: (file, bytes, mode, done) => {
        const { knows } = this.#write('replace', Buffer.concat([bytes].flat()));
        disk.replace(file, bytes, mode, (replaced) => {
          this.certainAfterKill = knows;
          this.certainAfterPowerCut = knows;
          done(replaced);
        });
      },
    };
  }

  #recordingFile(file: AppendFile): AppendFile {
    return {
      append: (bytes, done) => {
        const { knows } = this.#write('append', bytes);
        file.append(bytes, (appended) => {
          this.certainAfterKill = knows;
          done(appended);
        });
      },
      sync: (done) => {
        const knows = this.certainAfterKill;
        file.sync((synced) => {
          this.certainAfterPowerCut = knows;
          done(synced);
        });
      },
      close: (done) => file.close(done),
    };
  }

  #write(kind: Write['kind'], bytes: Uint8Array): Write {
    const knew = this.journal.at(-1)?.knows ?? 0;
    const knows = Math.max(0, this.states.length - 1);
    const write = { kind, bytes: bytes.slice(), atMs: this.host.runtime.clock.now(), knew, knows };
    this.journal.push(write);
    return write;
  }
}

/** A state in one line, to be compared. */
export function stateOf(content: Omit<SnapshotContent, 'isTorn'>): string {
  const { alive, clock, eventClock, queryClock } = content;
  return JSON.stringify([[...alive].sort(), clock, eventClock, queryClock]);
}

const event = { name: 'deploy', payload: encodeText('') };
const query = { sourceNode: '', deadlineMs: 0, respond() {} };
const versions = {
  tags: new Map(),
  status: 'alive' as const,
  protocolMin: 1,
  protocolMax: 5,
  protocolCur: 2,
  delegateMin: 2,
  delegateMax: 5,
  delegateCur: 5,
};
