// Records of the mesh as snapshots have them, and the requests that change them. Configuration entries come
// in a byte string, behind their kind, which says what struct they are. Upstream: agent/structs
// (config_entry.go: MarshalBinary, connect_ca.go, intention.go, federation_state.go).

import {
  bytes,
  type Codec,
  encodeWith,
  field,
  gossipDialect,
  MsgpackReader,
  MsgpackWriter,
  nilable,
  nilableList,
  type StructCodec,
  struct,
  text,
  uint64,
} from '@reeve/bytes';
import type { AuthorityRequest, LeafRequest, MeshKind, MeshRequest, RawFields } from '../records/index.ts';
import { batchElementsMax } from './limits.ts';
import { rawFields } from './raw-value.ts';
import { writeRequestFields } from './write-requests.ts';

/** What is to become of an intention. */
export const intentionRequestCodec: StructCodec<MeshRequest> = meshRequest('Intention');

/** What is to become of what another datacenter told of its gateways. */
export const federationStateRequestCodec: StructCodec<MeshRequest> = meshRequest('State');

/** The fields of a configuration entry. Defaults of proxies have them in a byte string of their own. */
const entryFields: Codec<RawFields> = {
  zero: rawFields.zero,
  encode: (writer, fields) => {
    if (readField(fields, 'Kind', text) !== 'proxy-defaults') return rawFields.encode(writer, fields);
    writer.bytes(encodeWith(rawFields, gossipDialect, fields));
  },
  decode: (reader) =>
    rawFields.decode(reader.isTextNext() ? new MsgpackReader(bytes.decode(reader)) : reader),
};

const entryRequest = meshRequest('Entry', entryFields);

/** What is to become of a configuration entry. */
export const configEntryRequestCodec: Codec<MeshRequest> = {
  zero: entryRequest.zero,
  encode: (writer, request) => {
    const inside = new MsgpackWriter(gossipDialect);
    inside.text(readField(request.record ?? new Map(), 'Kind', text));
    entryRequest.encode(inside, request);
    writer.bytes(inside.finish());
  },
  decode: (reader) => {
    const inside = new MsgpackReader(bytes.decode(reader));
    text.decode(inside); // the kind, which the entry has, too
    return entryRequest.decode(inside);
  },
};

/** What is to become of the certificate authority. */
export const authorityRequestCodec: StructCodec<AuthorityRequest> = struct<AuthorityRequest>({
  operation: field('Op', text),
  datacenter: writeRequestFields.datacenter,
  index: field('Index', uint64),
  roots: field('Roots', nilableList(rawFields, batchElementsMax)),
  config: field('Config', nilable(rawFields)),
  keys: field('ProviderState', nilable(rawFields)),
  token: writeRequestFields.token,
});

/** That certificates have changed. */
export const leafRequestCodec: StructCodec<LeafRequest> = struct<LeafRequest>({
  operation: field('Op', text),
  datacenter: writeRequestFields.datacenter,
  token: writeRequestFields.token,
});

/** A record of each kind as it stands in a snapshot. */
export const meshRecordCodecs: { readonly [Kind in MeshKind]: Codec<RawFields> } = {
  intention: rawFields,
  authorityRoot: rawFields,
  authorityKeys: rawFields,
  authorityConfig: rawFields,
  configEntry: recordOf(configEntryRequestCodec, ''),
  federationState: recordOf(federationStateRequestCodec, 'upsert'),
};

/** The value of one field; the zero value if it is not there. */
export function readField<Value>(fields: RawFields, name: string, codec: Codec<Value>): Value {
  const value = fields.get(name);
  return value === undefined ? codec.zero() : codec.decode(new MsgpackReader(value));
}

/** A request for one record, which has a name of its own for each kind. */
function meshRequest(recordName: string, fields = rawFields): StructCodec<MeshRequest> {
  return struct<MeshRequest>({
    datacenter: writeRequestFields.datacenter,
    operation: field('Op', text),
    record: field(recordName, nilable(fields)),
    token: writeRequestFields.token,
  });
}

/** A snapshot has some records inside of a request that nobody made. */
function recordOf(request: Codec<MeshRequest>, operation: string): Codec<RawFields> {
  return {
    zero: rawFields.zero,
    encode: (writer, record) => request.encode(writer, { datacenter: '', token: '', operation, record }),
    decode: (reader) => request.decode(reader).record ?? rawFields.zero(),
  };
}
