// One simulated server: a host, what its disks keep over crashes, and the node of its present life.

import {
  type Configuration,
  connectByFirstByte,
  type LogEntry,
  type LogStore,
  MemoryLogDisk,
  MemoryLogStore,
  openFileLog,
  openSnapshots,
  type RaftConfig,
  RaftNode,
  recoverCluster,
  type SnapshotStore,
  type StateMachine,
} from '@reeve/raft';
import type { NetworkStream, Random, Result, StreamHandler } from '@reeve/runtime';
import type { VirtualHost } from '@reeve/runtime/virtual';

/** The list of all commands ever applied, as text: the whole history is the state. */
export class ListMachine implements StateMachine {
  commands: { readonly index: number; readonly text: string }[] = [];
  restores = 0;
  /** States of other servers that were read. */
  othersRead = 0;

  apply(entries: readonly LogEntry[]): readonly unknown[] {
    return entries.map(({ index, data }) =>
      this.commands.push({ index, text: Buffer.from(data).toString() }),
    );
  }

  *snapshot(): Iterator<Uint8Array, void> {
    const commands = [...this.commands];
    for (const command of commands) yield Buffer.from(`${command.index} ${command.text}\n`);
  }

  *read(state: Uint8Array, isOurs: boolean): Iterator<void, () => void> {
    if (!isOurs) this.othersRead++;
    yield;
    const lines = Buffer.from(state).toString().split('\n').slice(0, -1);
    const commands = lines.map((line) => {
      const [, index, text = ''] = /^(\d+) (.*)$/.exec(line) ?? [];
      if (index === undefined) throw new Error(`no command: ${line}`);
      return { index: Number(index), text };
    });
    return () => {
      this.restores++;
      this.commands = commands;
    };
  }
}

/** Where a simulated server keeps its log: in files, as a real one does, or as objects that outlive it. */
export type LogPlace = 'files' | 'memory';

/** A server that can crash. */
export class SimulatedServer {
  readonly host: VirtualHost;
  readonly address: string;
  readonly id: string;
  /** The log, if its place is memory. */
  readonly disk = new MemoryLogDisk();
  machine = new ListMachine();
  /** Undefined while it is down, or starting. */
  node: RaftNode | undefined;
  fatal: Error | undefined;
  isUp = false;
  readonly #config: RaftConfig;
  readonly #logPlace: LogPlace;
  #store: LogStore | undefined;
  /** How long the next write takes. */
  writeMs: () => number;

  constructor(host: VirtualHost, config: RaftConfig, writeMs: () => number, logPlace: LogPlace) {
    this.host = host;
    this.address = `${host.ip}:8300`;
    this.id = `id-${host.ip}`;
    this.#config = config;
    this.writeMs = writeMs;
    this.#logPlace = logPlace;
    host.files.writeMs = () => this.writeMs();
    host.files.makeDirectory('/raft');
  }

  /** Begins a life: a new cluster's with `bootstrap`, with `recovery` that of what is left of an old one. */
  start(bootstrap?: Configuration, recovery?: Configuration): void {
    const { runtime } = this.host;
    this.isUp = true;
    openSnapshots(runtime.disk, '/raft', (snapshots) => {
      if (!snapshots.ok) throw snapshots.error;
      this.#openLog((store) => {
        const run = (): void => this.#run(store, snapshots.value, bootstrap);
        if (recovery === undefined) return run();
        recoverCluster(store, snapshots.value, recovery, (recovered) => {
          if (!recovered.ok) throw recovered.error;
          run();
        });
      });
    });
  }

  /** The term that a restart would find. */
  get durableTerm(): number {
    return this.#store?.hardState.term ?? 0;
  }

  /** Ends it, as a power cut does. */
  crash(random: Random): void {
    this.node = undefined;
    this.isUp = false;
    this.host.crash({ keepUnsyncedBytes: 0 });
    this.disk.losePower(random);
  }

  #openLog(then: (store: LogStore) => void): void {
    const { timers, disk } = this.host.runtime;
    if (this.#logPlace === 'memory') return then(new MemoryLogStore(timers, this.disk, () => this.writeMs()));
    const opened = (result: Result<LogStore>): void => {
      if (!result.ok) throw result.error;
      then(result.value);
    };
    openFileLog(disk, '/raft', opened, { layout: { segmentBytes: 4_096, roomBytes: 2_048 } });
  }

  #run(store: LogStore, snapshots: SnapshotStore, bootstrap: Configuration | undefined): void {
    const { runtime } = this.host;
    this.machine = new ListMachine();
    const node = new RaftNode({
      runtime,
      config: this.#config,
      id: this.id,
      address: this.address,
      store,
      snapshots,
      stateMachine: this.machine,
      connect: connectByFirstByte(runtime.network, 1_000),
      onFatal: (error) => {
        this.fatal = error;
      },
    });
    this.node = node;
    this.#store = store;
    if (bootstrap !== undefined) node.bootstrap(bootstrap);
    runtime.network.listen(
      { host: this.host.ip, port: 8300 },
      (stream) => afterFirstByte(stream, () => node),
      ok,
    );
  }
}

/** What Consul's port does: looks at the first byte and hands the rest over. */
export function afterFirstByte(stream: NetworkStream, nodeOf: () => RaftNode | undefined): StreamHandler {
  let handler: StreamHandler | undefined;
  return {
    onData: (chunk) => {
      if (handler !== undefined) return handler.onData(chunk);
      handler = nodeOf()?.accept(stream);
      if (handler === undefined) return stream.destroy();
      if (chunk.length > 1) handler.onData(chunk.subarray(1));
    },
    onEnd: () => (handler === undefined ? stream.end() : handler.onEnd()),
    onClosed: (error) => handler?.onClosed(error),
  };
}

function ok(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error('the port is taken');
}
