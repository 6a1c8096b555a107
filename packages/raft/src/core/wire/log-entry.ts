// A log entry as bytes: in AppendEntries, and as a store keeps it. Upstream: hashicorp/raft log.go (Log).

import { bytes, type Codec, DecodeError, field, struct, uint8 } from '@reeve/bytes';
import { type LogEntry, type LogEntryType, logEntryTypes } from '../log-entry.ts';
import { decodeConfiguration, decodePeers } from './configuration.ts';
import { counter } from './numbers.ts';

/** No bytes are nil on the wire, as a Go slice that nobody has set. */
const emptyAsNil: Codec<Uint8Array> = {
  ...bytes,
  encode: (writer, value) => (value.length === 0 ? writer.nil() : writer.bytes(value)),
};

const typeCodec: Codec<LogEntryType> = {
  zero: () => 'command',
  encode: (writer, type) => writer.integer(logEntryTypes.indexOf(type)),
  decode: (reader) => {
    const number = uint8.decode(reader);
    const type = logEntryTypes[number];
    if (type === undefined) throw new DecodeError('malformed', `${number} is no type of log entry`);
    return type;
  },
};

const fields = struct<LogEntry>({
  index: field('Index', counter),
  term: field('Term', counter),
  type: field('Type', typeCodec),
  data: field('Data', emptyAsNil),
  extensions: field('Extensions', emptyAsNil),
});

/** One entry. Those whose configuration cannot be read are refused here, so that nobody has to later. */
export const logEntryCodec: Codec<LogEntry> = {
  ...fields,
  decode: (reader) => {
    const entry = fields.decode(reader);
    if (entry.type === 'configuration') decodeConfiguration(entry.data);
    else if (entry.type === 'add-peer-deprecated' || entry.type === 'remove-peer-deprecated')
      decodePeers(entry.data);
    return entry;
  },
};
