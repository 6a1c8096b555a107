// How a cluster begins: its first servers are told who they are. Upstream: hashicorp/raft api.go
// (BootstrapCluster).
//
// Several servers may be told at once, if all are told the same: they write the same first entry.

import { type Configuration, configurationFlaw } from './configuration.ts';
import { RaftError } from './errors.ts';
import type { RaftState } from './state.ts';
import { encodeConfiguration } from './wire/configuration.ts';

/** Whether this server has been part of a cluster. */
function hasExistingState({ term, log, snapshot }: RaftState): boolean {
  return term > 0 || log.lastIndex > 0 || snapshot !== undefined;
}

/** Writes the first entry. @throws RaftError `cannot-bootstrap`, `configuration` */
export function bootstrap(state: RaftState, configuration: Configuration): void {
  const flaw = configurationFlaw(configuration);
  if (flaw !== undefined) throw new RaftError('configuration', flaw);
  if (hasExistingState(state)) throw new RaftError('cannot-bootstrap');
  state.setHardState(1, '');
  const data = encodeConfiguration(configuration);
  state.append({ index: 1, term: 1, type: 'configuration', data, extensions: new Uint8Array() });
}
