// An operator says who the servers are, because most of them will not come back. Upstream: hashicorp/raft
// api.go (RecoverCluster), peersjson.go.
//
// What is in the log of this server counts as committed from then on, as far as the servers that are named
// agree; what only lost servers had is gone. So all that are named must be told the same, while they are
// stopped.

import type { Result } from '@reeve/runtime';
import {
  type Configuration,
  configurationFlaw,
  encodeConfiguration,
  RaftError,
  type Server,
} from './core/index.ts';
import type { LogStore } from './storage/log-store.ts';
import type { SnapshotStore } from './storage/snapshot-store.ts';

/**
 * Reads the file `raft/peers.json`: a list of `{"id", "address", "non_voter"}`.
 * @throws RaftError `configuration`, when it is no such list or the servers make no sense.
 */
export function parsePeers(text: string): Configuration {
  let peers: unknown;
  try {
    peers = JSON.parse(text);
  } catch (error) {
    throw new RaftError('configuration', `no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(peers)) throw new RaftError('configuration', 'no list of servers');
  const configuration: Configuration = { servers: peers.map(serverOf) };
  const flaw = configurationFlaw(configuration);
  if (flaw !== undefined) throw new RaftError('configuration', flaw);
  return configuration;
}

/** Makes these the servers, by an entry at the end of the log. To be done before the server starts. */
export function recoverCluster(
  store: LogStore,
  snapshots: SnapshotStore,
  configuration: Configuration,
  done: (result: Result<void>) => void,
): void {
  const { latest } = snapshots;
  const isInSnapshot = (latest?.index ?? 0) > store.lastIndex;
  const index = isInSnapshot ? (latest?.index ?? 0) : store.lastIndex;
  if (index === 0) {
    const text = 'refused to recover cluster with no initial state, this is probably an operator error';
    return done({ ok: false, error: new RaftError('configuration', text) });
  }
  // The term of the last entry: who has most of the log is to win the election, whoever asked for votes last.
  const term = isInSnapshot ? (latest?.term ?? 0) : (store.read(store.lastIndex)?.term ?? 0);
  const data = encodeConfiguration(configuration);
  const entry = {
    index: index + 1,
    term,
    type: 'configuration',
    data,
    extensions: new Uint8Array(),
  } as const;
  const removeFrom = isInSnapshot ? store.firstIndex : undefined; // entries before a gap are in the snapshot
  store.write({ hardState: undefined, removeFrom, removeTo: 0, entries: [entry], thenSend: [] }, done);
}

function serverOf(peer: unknown): Server {
  if (typeof peer !== 'object' || peer === null)
    throw new RaftError('configuration', 'a server is no object');
  const { id = '', address = '', non_voter: isNonvoter = false } = peer as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof address !== 'string' || typeof isNonvoter !== 'boolean')
    throw new RaftError(
      'configuration',
      'a server has "id" and "address" as texts, "non_voter" true or false',
    );
  return { suffrage: isNonvoter ? 'nonvoter' : 'voter', id, address };
}
