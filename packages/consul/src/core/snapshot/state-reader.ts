// Reads `state.bin` as it arrives, into tables of its own: the state of a server is replaced when all of it
// was read, or not at all. What a record repeats of its node counts only if the node has not come before.
// Upstream: agent/consul/fsm/snapshot_oss.go (restore…), fsm.go (Restore).

import {
  type Codec,
  DecodeError,
  field,
  MsgpackObjectStream,
  MsgpackReader,
  struct,
  uint64,
} from '@reeve/bytes';
import { isValidCoordinate } from '@reeve/serf/core';
import { tokenOfLegacy } from '../commands/acl.ts';
import { nodeOf } from '../commands/register.ts';
import { meshKinds, type RegisterRequest } from '../records/index.ts';
import { KeptKeyValue } from '../state/kept-key-value.ts';
import { nameKey } from '../state/keys.ts';
import { usableWeights } from '../state/services.ts';
import { insertSession } from '../state/sessions.ts';
import { StateError } from '../state/state-error.ts';
import { createTables, type Tables } from '../state/tables.ts';
import { Transaction } from '../state/transaction.ts';
import {
  aclAuthMethodCodec,
  aclBindingRuleCodec,
  aclPolicyCodec,
  aclRoleCodec,
  aclTokenCodec,
  legacyAclCodec,
} from '../wire/acl.ts';
import { chunksCodec } from '../wire/chunks.ts';
import { coordinatesCodec } from '../wire/command.ts';
import { meshRecordCodecs } from '../wire/mesh.ts';
import { preparedQueryCodec } from '../wire/prepared-query.ts';
import { autopilotConfigCodec, keyValueCodec, sessionCodec } from '../wire/records.ts';
import { registerRequestCodec } from '../wire/write-requests.ts';
import { meshTypes, recordTypes } from './record-types.ts';
import { headerCodec, indexCodec } from './state-writer.ts';

/** Bytes of `state.bin` in, tables out. It throws only `DecodeError`, and then is of no further use. */
export class StateReader {
  readonly #objects = new MsgpackObjectStream(recordBytesMax);
  readonly #valuesMax: number;
  readonly #tables = createTables();
  #state: 'header' | 'type' | { readonly type: number } = 'header';

  /**
   * @param valuesMax more values of msgpack, names of fields too, are a 'limit' error before the record in
   * which they are is read: a byte can be a value, and a value takes far more memory.
   */
  constructor(valuesMax = Number.POSITIVE_INFINITY) {
    this.#valuesMax = valuesMax;
  }

  /** The next bytes, of any number. */
  push(bytes: Uint8Array): void {
    this.#objects.push(bytes);
    for (let object = this.#objects.next(); object !== undefined; object = this.#objects.next()) {
      if (this.#objects.values > this.#valuesMax) throw tooMuch(this.#valuesMax);
      this.#onObject(object);
    }
  }

  /** All bytes have come: the tables. */
  finish(): Tables {
    if (this.#state !== 'type' || this.#objects.bufferedBytes > 0) {
      throw new DecodeError('truncated', 'the state ends inside of a record');
    }
    return this.#tables;
  }

  /** A type is a byte below 128, which in msgpack is a number: so it, too, comes as an object. */
  #onObject(object: Uint8Array): void {
    if (this.#state === 'header') {
      decodeWhole(headerCodec, object);
      this.#state = 'type';
    } else if (this.#state === 'type') {
      const [type = 0, ...rest] = object;
      if (rest.length > 0) throw new DecodeError('malformed', 'a record begins without its type');
      this.#state = { type };
    } else {
      this.#onRecord(this.#state.type, object);
      this.#state = 'type';
    }
  }

  #onRecord(type: number, body: Uint8Array): void {
    try {
      this.#restore(type, body);
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      throw new DecodeError('malformed', `a record of type ${type}: ${error.message}`);
    }
  }

  #restore(type: number, body: Uint8Array): void {
    const tables = this.#tables;
    switch (type) {
      case recordTypes.registration:
        return restoreRegistration(tables, decodeWhole(registerRequestCodec, body));
      case recordTypes.keyValue:
        return void tables.keyValues.put(new KeptKeyValue(decodeWhole(keyValueCodec, body)));
      case recordTypes.session:
        return insertSession(new Transaction(tables, 0), decodeWhole(sessionCodec, body));
      case recordTypes.tombstone: {
        const { key, modifyIndex: index } = decodeWhole(keyValueCodec, body);
        return void tables.tombstones.put({ key, index });
      }
      case recordTypes.coordinates:
        for (const row of decodeWhole(coordinatesCodec, body)) {
          if (isValidCoordinate(row.coordinate)) tables.coordinates.put(row);
        }
        return;
      case recordTypes.preparedQuery:
        return void tables.queries.put(decodeWhole(preparedQueryCodec, body));
      case recordTypes.autopilot:
        return void tables.autopilot.put(decodeWhole(autopilotConfigCodec, body));
      case recordTypes.legacyBootstrap:
        return void tables.indexes.put({ name: 'acl-token-bootstrap', ...decodeWhole(bootstrapCodec, body) });
      case recordTypes.index:
        return void tables.indexes.put(decodeWhole(indexCodec, body));
      case recordTypes.chunks:
        for (const set of decodeWhole(chunksCodec, body).sets) tables.chunks.put(set);
        return;
      default:
        return this.#restoreAccess(type, body);
    }
  }

  #restoreAccess(type: number, body: Uint8Array): void {
    const tables = this.#tables;
    switch (type) {
      case recordTypes.legacyAcl:
        return void tables.aclTokens.put(tokenOfLegacy(decodeWhole(legacyAclCodec, body)));
      case recordTypes.aclToken:
        return void tables.aclTokens.put(decodeWhole(aclTokenCodec, body));
      case recordTypes.aclPolicy:
        return void tables.aclPolicies.put(decodeWhole(aclPolicyCodec, body));
      case recordTypes.aclRole:
        return void tables.aclRoles.put(decodeWhole(aclRoleCodec, body));
      case recordTypes.aclBindingRule:
        return void tables.aclBindingRules.put(decodeWhole(aclBindingRuleCodec, body));
      case recordTypes.aclAuthMethod:
        return void tables.aclAuthMethods.put(decodeWhole(aclAuthMethodCodec, body));
      default:
        return this.#restoreMesh(type, body);
    }
  }

  #restoreMesh(type: number, body: Uint8Array): void {
    const kind = meshKinds.find((each) => meshTypes[each] === type);
    if (kind === undefined) throw new DecodeError('malformed', `Unrecognized msg type ${type}`);
    this.#tables.mesh.put({ kind, fields: decodeWhole(meshRecordCodecs[kind], body) });
  }
}

function restoreRegistration(tables: Tables, request: RegisterRequest): void {
  const { node, service, check } = request;
  if (tables.nodes.get(nameKey(node)) === undefined) tables.nodes.put(nodeOf(request));
  if (service !== null) {
    tables.services.put({ node, service: { ...service, weights: usableWeights(service.weights) } });
  }
  for (const each of check === null ? (request.checks ?? []) : [check]) tables.checks.put(each);
}

function decodeWhole<Value>(codec: Codec<Value>, object: Uint8Array): Value {
  return codec.decode(new MsgpackReader(object));
}

function tooMuch(values: number): DecodeError {
  const room = 'which is what there is memory for; --max-old-space-size gives more';
  return new DecodeError('limit', `more than ${values} values, ${room}`);
}

const bootstrapCodec = struct<{ readonly value: number }>({ value: field('ModifyIndex', uint64) });

/** No record is larger than the largest that a front door lets pass, and these are set in the thousands. */
const recordBytesMax = 64 * 1024 * 1024;
