// The state as upstream writes it into a snapshot (`state.bin`): a header, then one record after the other,
// each a type byte and msgpack. Written from a clone of the tables, so the state may change meanwhile; piece
// by piece, so that others get their turn. Upstream: agent/consul/fsm/snapshot_oss.go.

import { type Codec, field, gossipDialect, MsgpackWriter, struct, text, uint64 } from '@reeve/bytes';
import type { Node, RegisterRequest } from '../records/index.ts';
import { nameKey } from '../state/keys.ts';
import type { IndexEntry } from '../state/rows.ts';
import type { Tables } from '../state/tables.ts';
import {
  aclAuthMethodCodec,
  aclBindingRuleCodec,
  aclPolicyCodec,
  aclRoleCodec,
  aclTokenCodec,
} from '../wire/acl.ts';
import { chunksCodec } from '../wire/chunks.ts';
import { coordinatesCodec } from '../wire/command.ts';
import { meshRecordCodecs } from '../wire/mesh.ts';
import { preparedQueryCodec } from '../wire/prepared-query.ts';
import { autopilotConfigCodec, keyValueCodec, sessionCodec } from '../wire/records.ts';
import { registerRequestCodec } from '../wire/write-requests.ts';
import { meshTypes, recordTypes } from './record-types.ts';

/** What stands before the records: the highest index of all tables. */
export const headerCodec = struct<{ readonly lastIndex: number }>({ lastIndex: field('LastIndex', uint64) });

/** An entry of the index table. */
export const indexCodec = struct<IndexEntry>({ name: field('Key', text), value: field('Value', uint64) });

/** The bytes of `state.bin`, in pieces. `tables` must stay as they are: see `StateStore.snapshot`. */
export function* writeState(tables: Tables): Generator<Uint8Array, void, undefined> {
  const writer = new MsgpackWriter(gossipDialect);
  headerCodec.encode(writer, { lastIndex: lastIndex(tables) });
  for (const write of records(tables)) {
    write(writer);
    if (writer.length >= pieceBytes) yield writer.finish();
  }
  if (writer.length > 0) yield writer.finish();
}

type WriteRecord = (writer: MsgpackWriter) => void;

/** All records in upstream's order. */
function* records(tables: Tables): Generator<WriteRecord> {
  const types = recordTypes;
  for (const request of registrations(tables))
    yield record(types.registration, registerRequestCodec, request);
  for (const row of tables.coordinates.values()) yield record(types.coordinates, coordinatesCodec, [row]);
  for (const session of tables.sessions.values()) yield record(types.session, sessionCodec, session);
  yield* accessRecords(tables);
  for (const entry of tables.keyValues.values()) yield record(types.keyValue, keyValueCodec, entry);
  for (const { key, index } of tables.tombstones.values()) {
    yield record(types.tombstone, keyValueCodec, { ...keyValueCodec.zero(), key, modifyIndex: index });
  }
  for (const query of tables.queries.values()) yield record(types.preparedQuery, preparedQueryCodec, query);
  for (const config of tables.autopilot.values()) yield record(types.autopilot, autopilotConfigCodec, config);
  for (const { kind, fields } of tables.mesh.values())
    yield record(meshTypes[kind], meshRecordCodecs[kind], fields);
  for (const entry of tables.indexes.values()) yield record(types.index, indexCodec, entry);
  yield record(types.chunks, chunksCodec, { sets: [...tables.chunks.values()] });
}

/** A record for each node, followed by one for each of its services and checks. */
function* registrations(tables: Tables): Generator<RegisterRequest> {
  for (const node of tables.nodes.values()) {
    const request = registrationOf(node);
    yield request;
    const key = nameKey(node.name);
    for (const { service } of tables.services.startingWith(key)) yield { ...request, service };
    for (const check of tables.checks.startingWith(key)) {
      yield { ...request, check: { ...check, node: node.name } }; // spelled as the node is now
    }
  }
}

function registrationOf({ name: node, meta: nodeMeta, ...rest }: Node): RegisterRequest {
  const nothing = { service: null, check: null, checks: null, skipNodeUpdate: false, token: '' };
  return { ...rest, ...nothing, node, nodeMeta };
}

/** Upstream writes one method at most, by mistake; we write all. */
function* accessRecords(tables: Tables): Generator<WriteRecord> {
  const types = recordTypes;
  for (const token of tables.aclTokens.values()) yield record(types.aclToken, aclTokenCodec, token);
  for (const policy of tables.aclPolicies.values()) yield record(types.aclPolicy, aclPolicyCodec, policy);
  for (const role of tables.aclRoles.values()) yield record(types.aclRole, aclRoleCodec, role);
  for (const rule of tables.aclBindingRules.values())
    yield record(types.aclBindingRule, aclBindingRuleCodec, rule);
  for (const method of tables.aclAuthMethods.values())
    yield record(types.aclAuthMethod, aclAuthMethodCodec, method);
}

function record<Value>(type: number, codec: Codec<Value>, value: Value): WriteRecord {
  return (writer) => {
    writer.byte(type);
    codec.encode(writer, value);
  };
}

function lastIndex({ indexes }: Tables): number {
  let last = 0;
  for (const { value } of indexes.values()) last = Math.max(last, value);
  return last;
}

/** Large enough that writing it is worth a call, small enough that nobody waits for it. */
const pieceBytes = 64 * 1024;
