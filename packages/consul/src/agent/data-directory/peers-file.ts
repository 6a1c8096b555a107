// The file with which an operator brings back a cluster that has lost its quorum for good: raft/peers.json
// names the servers that are left. Upstream: agent/consul/server.go (setupRaft).
//
// Upstream lets a file be that is there at the very first start of its raft, and deletes it, since old
// versions kept one there; ours have none, and an operator's is not thrown away.

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseWholeJson } from '@reeve/cli';
import {
  type Configuration,
  type LogStore,
  parsePeers,
  recoverCluster,
  type SnapshotStore,
} from '@reeve/raft';

/** The stores of a server that is not running yet, and where its log lines go. */
export interface Recovery {
  readonly log: LogStore;
  readonly snapshots: SnapshotStore;
  readonly tell: (line: string) => void;
}

/**
 * Makes those whom `directory`/peers.json names the servers, and removes the file. Without one does nothing.
 * Rejects, with the file and everything else as it was, when the file makes no sense or there is no log.
 */
export async function recoverFromPeersFile(directory: string, recovery: Recovery): Promise<void> {
  const path = join(directory, 'peers.json');
  if (!existsSync(path)) return;
  recovery.tell('found peers.json file, recovering Raft configuration...');
  const configuration = readConfiguration(path);
  await recover(configuration, recovery).catch((error: Error) => {
    throw new Error(`recovery failed: ${error.message}`, { cause: error });
  });
  rmSync(path);
  recovery.tell('deleted peers.json file after successful recovery');
}

function readConfiguration(path: string): Configuration {
  try {
    if (statSync(path).size > peersBytesMax) throw new Error('too large for a list of servers');
    const bytes = readFileSync(path);
    parseWholeJson(bytes); // whose complaints are the original's
    return parsePeers(bytes.toString());
  } catch (error) {
    throw new Error(`recovery failed to parse peers.json: ${(error as Error).message}`, { cause: error });
  }
}

function recover(configuration: Configuration, { log, snapshots }: Recovery): Promise<void> {
  return new Promise((resolve, reject) => {
    recoverCluster(log, snapshots, configuration, (result) => {
      if (result.ok) resolve();
      else reject(result.error);
    });
  });
}

/** Thousands of servers. */
const peersBytesMax = 1 << 20;
