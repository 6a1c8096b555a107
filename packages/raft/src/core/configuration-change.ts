// How one server is added, removed, promoted or demoted. Upstream: hashicorp/raft configuration.go
// (nextConfiguration).
//
// A change touches one server, so that any majority before and any after it have a member in common. Next:
// membership.ts.

import { type Configuration, configurationFlaw, type Server } from './configuration.ts';
import { RaftError } from './errors.ts';

/** A change that a leader is asked to make. */
export interface ConfigurationChange {
  readonly command: 'add-voter' | 'add-nonvoter' | 'demote-voter' | 'remove-server' | 'promote';
  readonly id: string;
  /** For the two that add. */
  readonly address: string;
  /** If not 0: the change is only for the configuration of this index. */
  readonly prevIndex: number;
}

/**
 * The configuration after a change.
 * @throws RaftError `configuration`: the present one is not `prevIndex`'s, or the next makes no sense.
 */
export function nextConfiguration(
  current: Configuration,
  currentIndex: number,
  change: ConfigurationChange,
): Configuration {
  const { prevIndex } = change;
  if (prevIndex > 0 && prevIndex !== currentIndex) {
    throw new RaftError(
      'configuration',
      `Configuration changed since ${prevIndex} (latest is ${currentIndex})`,
    );
  }
  const next: Configuration = { servers: changeServers(current.servers, change) };
  const flaw = configurationFlaw(next);
  if (flaw !== undefined) throw new RaftError('configuration', flaw);
  return next;
}

function changeServers(servers: readonly Server[], change: ConfigurationChange): readonly Server[] {
  const { id, address } = change;
  switch (change.command) {
    case 'add-voter':
      return withServer(servers, { suffrage: 'voter', id, address });
    case 'add-nonvoter': {
      // Who votes goes on voting: only the address is new.
      const suffrage = servers.find((server) => server.id === id)?.suffrage ?? 'nonvoter';
      return withServer(servers, { suffrage, id, address });
    }
    case 'demote-voter':
      return servers.map((server) => (server.id === id ? { ...server, suffrage: 'nonvoter' } : server));
    case 'remove-server':
      return servers.filter((server) => server.id !== id);
    case 'promote':
      return servers.map((server) =>
        server.id === id && server.suffrage === 'staging' ? { ...server, suffrage: 'voter' } : server,
      );
  }
}

/** Puts a server in the place of the one with its id, or at the end. */
function withServer(servers: readonly Server[], added: Server): readonly Server[] {
  return servers.some(({ id }) => id === added.id)
    ? servers.map((server) => (server.id === added.id ? added : server))
    : [...servers, added];
}
