// A configuration as bytes, in log entries and snapshots; and the list of addresses that older servers had
// instead. Upstream: hashicorp/raft configuration.go.

import {
  bytes,
  type Codec,
  DecodeError,
  decodeText,
  encodeText,
  encodeWith,
  field,
  gossipDialect,
  list,
  MsgpackReader,
  struct,
  TruncatedError,
  text,
  uint8,
} from '@reeve/bytes';
import { type Configuration, type Server, type Suffrage, suffrages, votersOf } from '../configuration.ts';

/** The data of a `configuration` entry. */
export function encodeConfiguration(configuration: Configuration): Uint8Array {
  return encodeWith(configurationCodec, gossipDialect, configuration);
}

/** @throws DecodeError */
export function decodeConfiguration(data: Uint8Array): Configuration {
  return decodeWhole(configurationCodec, data);
}

/** The voters' addresses alone. */
export function encodePeers(configuration: Configuration): Uint8Array {
  const addresses = votersOf(configuration).map(({ address }) => encodeText(address));
  return encodeWith(peersCodec, gossipDialect, addresses);
}

/** Voters whose ids are their addresses. @throws DecodeError */
export function decodePeers(data: Uint8Array): Configuration {
  const addresses = decodeWhole(peersCodec, data).map(decodeText);
  return { servers: addresses.map((address) => ({ suffrage: 'voter', id: address, address })) };
}

/** What ends early in here does so for good, whatever else the connection brings. */
function decodeWhole<T>(codec: Codec<T>, data: Uint8Array): T {
  try {
    return codec.decode(new MsgpackReader(data));
  } catch (error) {
    throw error instanceof TruncatedError ? new DecodeError('malformed', error.message) : error;
  }
}

const suffrageCodec: Codec<Suffrage> = {
  zero: () => 'voter',
  encode: (writer, suffrage) => writer.integer(suffrages.indexOf(suffrage)),
  decode: (reader) => {
    const number = uint8.decode(reader);
    const suffrage = suffrages[number];
    if (suffrage === undefined) throw new DecodeError('malformed', `${number} is no suffrage`);
    return suffrage;
  },
};

const serverCodec = struct<Server>({
  suffrage: field('Suffrage', suffrageCodec),
  id: field('ID', text),
  address: field('Address', text),
});

/** Far more than a quorum can bear. */
const serversMax = 1_024;

/** A configuration. */
export const configurationCodec = struct<Configuration>({
  servers: field('Servers', list(serverCodec, serversMax)),
});

const peersCodec = list(bytes, serversMax);
