// Which record of the mesh is which. Upstream: the schemas in agent/consul/state (intention.go,
// connect_ca.go, config_entry_oss.go, federation_state_oss.go).

import { text } from '@reeve/bytes';
import { type MeshRecord, meshKinds, type RawFields } from '../records/index.ts';
import { readField } from '../wire/mesh.ts';
import { byteKey, nameKey, uuidKey } from './keys.ts';

/** The key of a record: those of a kind lie together, kinds in the order of snapshots. */
export function meshKey(record: MeshRecord): string {
  return `${meshKinds.indexOf(record.kind)}${ownKey(record)}`;
}

/** Whom an intention is about, from where to where; null for what is none. There is one for each pair. */
export function intentionPair({ kind, fields }: MeshRecord): string | null {
  if (kind !== 'intention') return null;
  return pairFields.map((name) => nameKey(readField(fields, name, text))).join('');
}

function ownKey({ kind, fields }: MeshRecord): string {
  switch (kind) {
    case 'intention':
      return uuidKey(readField(fields, 'ID', text));
    case 'authorityRoot':
    case 'authorityKeys':
      return byteKey(readField(fields, 'ID', text));
    case 'authorityConfig':
      return ''; // there is one
    case 'configEntry':
      return configEntryKey(fields);
    case 'federationState':
      return nameKey(readField(fields, 'Datacenter', text));
  }
}

function configEntryKey(fields: RawFields): string {
  return nameKey(readField(fields, 'Kind', text)) + nameKey(readField(fields, 'Name', text));
}

const pairFields = ['SourceNS', 'SourceName', 'DestinationNS', 'DestinationName'];
