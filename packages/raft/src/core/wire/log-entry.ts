// A log entry as bytes: in AppendEntries, and as a store keeps it. Upstream: hashicorp/raft log.go (Log).

import {
  bytes,
  type Codec,
  DecodeError,
  field,
  gossipDialect,
  MsgpackReader,
  MsgpackWriter,
  struct,
  uint8,
} from '@reeve/bytes';
import { type LogEntry, type LogEntryType, logEntryTypes } from '../log-entry.ts';
import { decodeConfiguration, decodePeers } from './configuration.ts';
import { counter } from './numbers.ts';

/** One entry on its own, behind what `writer` holds already. */
export function encodeLogEntry(entry: LogEntry, writer = new MsgpackWriter(gossipDialect)): Uint8Array {
  logEntryCodec.encode(writer, entry);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeLogEntry(data: Uint8Array): LogEntry {
  return logEntryCodec.decode(new MsgpackReader(data));
}

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

/** Entries whose configuration cannot be read are refused here, so that nobody has to later. */
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
