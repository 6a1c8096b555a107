// One simulated server: a host, what its disks keep over crashes, and the node of its present life.

import {
  type Configuration,
  connectByFirstByte,
  type LogEntry,
  type LogStore,
  MemoryLogDisk,
  MemoryLogStore,
  openSnapshots,
  type RaftConfig,
  RaftNode,
  recoverCluster,
  type SnapshotStore,
  type StateMachine,
} from '@reeve/raft';
import type { AcceptedStream, Random, StreamHandler } from '@reeve/runtime';
import type { VirtualHost } from '@reeve/runtime/virtual';

/** The list of all commands ever applied, as text: the whole history is the state. */
export class ListMachine implements StateMachine {
  commands: { readonly index: number; readonly text: string }[] = [];
  restores = 0;

  apply(entries: readonly LogEntry[]): readonly unknown[] {
    return entries.map(({ index, data }) =>
      this.commands.push({ index, text: Buffer.from(data).toString() }),
    );
  }

  *snapshot(): Iterator<Uint8Array, void> {
    const commands = [...this.commands];
    for (const command of commands) yield Buffer.from(`${command.index} ${command.text}\n`);
  }

  read(state: Uint8Array): () => void {
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

/** A server that can crash. */
export class SimulatedServer {
  readonly host: VirtualHost;
  readonly address: string;
  readonly id: string;
  readonly disk = new MemoryLogDisk();
  machine = new ListMachine();
  /** Undefined while it is down, or starting. */
  node: RaftNode | undefined;
  fatal: Error | undefined;
  isUp = false;
  readonly #config: RaftConfig;
  /** How long the next write takes. */
  writeMs: () => number;

  constructor(host: VirtualHost, config: RaftConfig, writeMs: () => number) {
    this.host = host;
    this.address = `${host.ip}:8300`;
    this.id = `id-${host.ip}`;
    this.#config = config;
    this.writeMs = writeMs;
    host.files.makeDirectory('/raft');
  }

  /** Begins a life: a new cluster's with `bootstrap`, with `recovery` that of what is left of an old one. */
  start(bootstrap?: Configuration, recovery?: Configuration): void {
    const { runtime } = this.host;
    this.isUp = true;
    openSnapshots(runtime.disk, '/raft', (snapshots) => {
      if (!snapshots.ok) throw snapshots.error;
      const store = new MemoryLogStore(runtime.timers, this.disk, () => this.writeMs());
      const run = (): void => this.#run(store, snapshots.value, bootstrap);
      if (recovery === undefined) return run();
      recoverCluster(store, snapshots.value, recovery, (recovered) => {
        if (!recovered.ok) throw recovered.error;
        run();
      });
    });
  }

  /** Ends it, as a power cut does. */
  crash(random: Random): void {
    this.node = undefined;
    this.isUp = false;
    this.host.crash({ keepUnsyncedBytes: 0 });
    this.disk.losePower(random);
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
    if (bootstrap !== undefined) node.bootstrap(bootstrap);
    runtime.network.listen(
      { host: this.host.ip, port: 8300 },
      (stream) => afterFirstByte(stream, () => node),
      ok,
    );
  }
}

/** What Consul's port does: looks at the first byte and hands the rest over. */
export function afterFirstByte(stream: AcceptedStream, nodeOf: () => RaftNode | undefined): StreamHandler {
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
