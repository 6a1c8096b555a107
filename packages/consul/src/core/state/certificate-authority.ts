// What the certificate authority of the mesh keeps: roots, the keys of the built-in one, its configuration.
// Upstream: agent/consul/state/connect_ca.go.

import { boolean, text } from '@reeve/bytes';
import type { MeshRecord, RawFields } from '../records/index.ts';
import { readField } from '../wire/mesh.ts';
import { meshKey } from './mesh-keys.ts';
import { findRecord, modifyIndexOf, putRecord } from './mesh-records.ts';
import { StateError } from './state-error.ts';
import { maxIndex } from './tables.ts';
import type { Transaction } from './transaction.ts';

/** Sets the configuration. It is asked for under its own index, not under one of a table. */
export function setAuthorityConfig(transaction: Transaction, fields: RawFields, index?: number): void {
  const existing = findRecord(transaction, 'authorityConfig', fields)?.fields;
  const isUnnamed = readField(fields, clusterId, text) === '';
  const kept = isUnnamed ? existing?.get(clusterId) : undefined;
  const whole = kept === undefined ? fields : new Map([...fields, [clusterId, kept] as const]);
  putRecord(transaction, { kind: 'authorityConfig', fields: whole }, index);
}

/** Sets it if its `ModifyIndex` is still that of the one there is. */
export function setAuthorityConfigIf(transaction: Transaction, fields: RawFields, index?: number): boolean {
  const existing = findRecord(transaction, 'authorityConfig', fields)?.fields;
  if (modifyIndexOf(existing) !== modifyIndexOf(fields)) return false;
  setAuthorityConfig(transaction, fields, index);
  return true;
}

/** Replaces all roots, if they were last changed at an index. */
export function setRootsIf(transaction: Transaction, roots: readonly RawFields[], index: number): boolean {
  if (roots.filter((root) => readField(root, 'Active', boolean)).length !== 1)
    throw new StateError('there must be exactly one active CA');
  const { tables } = transaction;
  if (maxIndex(tables, rootsIndex) !== index) return false;
  if (roots.some((root) => readField(root, 'ID', text) === '')) throw new StateError('Missing CA Root ID');
  for (const fields of roots) putRecord(transaction, { kind: 'authorityRoot', fields });
  const kept = new Set(roots.map((fields) => meshKey({ kind: 'authorityRoot', fields })));
  for (const record of recordsOf(transaction, 'authorityRoot')) {
    const key = meshKey(record);
    if (!kept.has(key)) transaction.remove('mesh', key);
  }
  transaction.touch(rootsIndex);
  return true;
}

/** Sets keys of the built-in authority. */
export function setAuthorityKeys(transaction: Transaction, fields: RawFields): void {
  putRecord(transaction, { kind: 'authorityKeys', fields });
  transaction.touch(keysIndex);
}

/** Forgets keys, if there are any; the index of their table stays. */
export function deleteAuthorityKeys(transaction: Transaction, fields: RawFields): void {
  const existing = findRecord(transaction, 'authorityKeys', fields);
  if (existing !== undefined) transaction.remove('mesh', meshKey(existing));
}

/** Counts the certificates that the built-in authority has given out, in the table of indexes. */
export function countSerialNumber(transaction: Transaction): void {
  const { tables } = transaction;
  const last = maxIndex(tables, serialNumber) || maxIndex(tables, keysIndex);
  transaction.put('indexes', { name: serialNumber, value: last + 1 });
}

function recordsOf({ tables }: Transaction, kind: MeshRecord['kind']): MeshRecord[] {
  return [...tables.mesh.values()].filter((record) => record.kind === kind);
}

const clusterId = 'ClusterID';
const rootsIndex = 'connect-ca-roots';
const keysIndex = 'connect-ca-builtin';
const serialNumber = 'connect-ca-builtin-serial';
