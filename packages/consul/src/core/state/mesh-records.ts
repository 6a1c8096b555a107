// What the service mesh keeps, changed as leaders of the original write it, so that a snapshot of ours has
// what one of theirs has. Whether configuration entries fit together, which upstream finds out with all rules
// of its discovery chains, is not asked here. Upstream: agent/consul/state (intention.go, config_entry.go,
// federation_state.go). Next: certificate-authority.ts, the certificates.

import {
  type Codec,
  encodeWith,
  equalBytes,
  gossipDialect,
  int64,
  text,
  textMap,
  uint64,
} from '@reeve/bytes';
import type { MeshKind, MeshRecord, RawFields } from '../records/index.ts';
import { readField } from '../wire/mesh.ts';
import { rawValue } from '../wire/raw-value.ts';
import { intentionPair, meshKey } from './mesh-keys.ts';
import { StateError } from './state-error.ts';
import type { Transaction } from './transaction.ts';

/** Adds an intention or replaces the one with its id. */
export function setIntention(transaction: Transaction, fields: RawFields): void {
  if (readField(fields, 'ID', text) === '') throw new StateError('Missing Intention ID');
  const existing = findRecord(transaction, 'intention', fields);
  const createdAt = existing?.fields.get('CreatedAt') ?? fields.get('CreatedAt');
  const meta = fields.get('Meta')?.[0] === nil ? noMeta : fields.get('Meta');
  const intention: MeshRecord = {
    kind: 'intention',
    fields: new Map([
      ...fields,
      ...present('CreatedAt', createdAt),
      ...present('Meta', meta),
      ['Precedence', raw(int64, precedence(fields))],
    ]),
  };
  const { mesh } = transaction.tables;
  const [same] = mesh.matching('pair', intentionPair(intention) ?? '');
  if (same !== undefined && meshKey(same) !== meshKey(intention))
    throw new StateError(`duplicate intention found: ${intentionText(same.fields)}`);
  putRecord(transaction, intention);
  transaction.touch(meshIndexes.intention);
}

/** Adds a configuration entry, or replaces the one of its kind and name. */
export function setConfigEntry(transaction: Transaction, fields: RawFields): void {
  if (changesGateway(findRecord(transaction, 'configEntry', fields)?.fields, fields))
    transaction.touch(gatewaysIndex);
  putRecord(transaction, { kind: 'configEntry', fields });
  transaction.touch(meshIndexes.configEntry);
}

/** Sets one if its `ModifyIndex` is still that of the one there is; 0: if there is none. */
export function setConfigEntryIf(transaction: Transaction, fields: RawFields): boolean {
  const existing = findRecord(transaction, 'configEntry', fields);
  if (modifyIndexOf(existing?.fields) !== modifyIndexOf(fields)) return false;
  setConfigEntry(transaction, fields);
  return true;
}

/** Sets what a datacenter tells of its gateways. */
export function setFederationState(transaction: Transaction, fields: RawFields): void {
  if (readField(fields, 'Datacenter', text) === '')
    throw new StateError('missing datacenter on federation state');
  const isOwn = readField(fields, primaryIndex, uint64) === 0;
  const index: RawFields = new Map(isOwn ? [[primaryIndex, raw(uint64, transaction.index)]] : []);
  putRecord(transaction, { kind: 'federationState', fields: new Map([...fields, ...index]) });
  transaction.touch(meshIndexes.federationState);
}

/** Deletes the record that is what these fields say, if there is one. */
export function deleteRecord(
  transaction: Transaction,
  kind: 'intention' | 'configEntry' | 'federationState',
  fields: RawFields,
): void {
  const existing = findRecord(transaction, kind, fields);
  if (existing === undefined) return;
  if (kind === 'configEntry' && gatewayServicesOf(existing.fields) !== undefined)
    transaction.touch(gatewaysIndex);
  transaction.remove('mesh', meshKey(existing));
  transaction.touch(meshIndexes[kind]);
}

/** Puts a record in the place of the one there is, with its indexes. */
export function putRecord(transaction: Transaction, { kind, fields }: MeshRecord, index?: number): void {
  const existing = findRecord(transaction, kind, fields);
  const modifyIndex = raw(uint64, index ?? transaction.index);
  const createIndex = existing?.fields.get('CreateIndex') ?? modifyIndex;
  const indexes: RawFields = new Map([
    ['CreateIndex', createIndex],
    ['ModifyIndex', modifyIndex],
  ]);
  transaction.put('mesh', { kind, fields: new Map([...fields, ...indexes]) });
}

/** The record that there is of what these fields say. */
export function findRecord(
  { tables }: Transaction,
  kind: MeshKind,
  fields: RawFields,
): MeshRecord | undefined {
  return tables.mesh.get(meshKey({ kind, fields }));
}

/** When a record changed last; 0 for none. */
export function modifyIndexOf(fields: RawFields | undefined): number {
  return fields === undefined ? 0 : readField(fields, 'ModifyIndex', uint64);
}

/** Whether an entry says of a gateway what services it is for, and says something new. */
function changesGateway(before: RawFields | undefined, fields: RawFields): boolean {
  const services = gatewayServicesOf(fields);
  if (services === undefined) return false;
  const known = before && gatewayServicesOf(before);
  return known === undefined || !equalBytes(known, services);
}

function gatewayServicesOf(fields: RawFields): Uint8Array | undefined {
  const kind = readField(fields, 'Kind', text);
  if (kind === 'ingress-gateway') return fields.get('Listeners');
  return kind === 'terminating-gateway' ? fields.get('Services') : undefined;
}

/** A value as bytes of msgpack. */
function raw<Value>(codec: Codec<Value>, value: Value): Uint8Array {
  return encodeWith(codec, gossipDialect, value);
}

function present(name: string, value: Uint8Array | undefined): [string, Uint8Array][] {
  return value === undefined ? [] : [[name, value]];
}

/** The more exactly an intention says whom it is about, the earlier it counts. */
function precedence(fields: RawFields): number {
  const exact = (end: 'Source' | 'Destination'): number => {
    if (readField(fields, `${end}NS`, text) === '*') return 0;
    return readField(fields, `${end}Name`, text) === '*' ? 1 : 2;
  };
  return 3 * (exact('Destination') + 1) - (2 - exact('Source'));
}

function intentionText(fields: RawFields): string {
  const read = (name: string): string => readField(fields, name, text);
  const source = `${read('SourceNS')}/${read('SourceName')}`;
  const destination = `${read('DestinationNS')}/${read('DestinationName')}`;
  const rank = readField(fields, 'Precedence', int64);
  const who = `${read('Action').toUpperCase()} ${source} => ${destination}`;
  return `${who} (ID: ${read('ID')}, Precedence: ${rank})`;
}

/** Entries of the index table. */
const meshIndexes = {
  intention: 'connect-intentions',
  configEntry: 'config-entries',
  federationState: 'federation-states',
} as const;

const gatewaysIndex = 'gateway-services';
const primaryIndex = 'PrimaryModifyIndex';
const nil = 0xc0;
const noMeta = raw(textMap(rawValue, 0), new Map());
