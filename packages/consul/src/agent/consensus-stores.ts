// Where a server keeps its part of the consensus: in the data directory, or nowhere in development mode.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LogStore,
  MemoryLogStore,
  MemorySnapshots,
  openSnapshots,
  type SnapshotStore,
} from '@reeve/raft';
import type { Runtime } from '@reeve/runtime';
import type { RuntimeConfig } from './config/runtime-config.ts';
import { recoverFromPeersFile } from './peers-file.ts';

/** Log and snapshots. */
export interface ConsensusStores {
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
}

/**
 * Opens the stores, and does what an operator's peers.json says. `tell` takes lines for the log. Rejects with
 * a text that names a file that is damaged.
 */
export async function openConsensusStores(
  { identity: { dataDir } }: RuntimeConfig,
  { timers, disk }: Runtime,
  tell: (line: string) => void,
): Promise<ConsensusStores> {
  if (dataDir === '') {
    return { log: new MemoryLogStore(timers), snapshots: new MemorySnapshots(timers) };
  }
  const directory = join(dataDir, 'raft');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { openLmdbLogStore } = await import('@reeve/raft/lmdb'); // native code, which -dev does without
  const snapshots = new Promise<SnapshotStore>((resolve, reject) => {
    openSnapshots(disk, directory, (result) => (result.ok ? resolve(result.value) : reject(result.error)));
  });
  const stores = { snapshots: await snapshots, log: openLmdbLogStore(directory) };
  try {
    await recoverFromPeersFile(directory, { ...stores, tell });
  } catch (error) {
    await new Promise<void>((closed) => stores.log.close(closed));
    throw error;
  }
  return stores;
}
