// Answers and acknowledgements of queries (type 5), and their envelope for a detour (type 9).

import {
  concatBytes,
  DecodeError,
  encodeWith,
  field,
  gossipDialect,
  MsgpackReader,
  struct,
  text,
  uint16,
  uint32,
} from '@reeve/bytes';
import { messageTypes, type QueryResponseMessage, type RelayMessage } from '../messages.ts';
import { ipAddress, requireHost } from './address.ts';
import { lamportTime } from './lamport-time.ts';
import { payload } from './payload.ts';

/** The whole message, type byte included. */
export function encodeQueryResponse(response: QueryResponseMessage): Uint8Array {
  return encodeWith(queryResponse, gossipDialect, response, messageTypes.queryResponse);
}

/** @throws DecodeError */
export function decodeQueryResponse(message: Uint8Array): QueryResponseMessage {
  return queryResponse.decode(new MsgpackReader(message, 1));
}

/** The whole message, type byte included. */
export function encodeRelay({ to, node, message }: RelayMessage): Uint8Array {
  const header = encodeWith(
    relayHeader,
    gossipDialect,
    { to: { ...to, zone: '' }, node },
    messageTypes.relay,
  );
  return concatBytes([header, message]);
}

/**
 * Reads the header only: what is inside is not ours to judge.
 * @throws DecodeError
 */
export function decodeRelay(envelope: Uint8Array): RelayMessage {
  const reader = new MsgpackReader(envelope, 1);
  const { to, node } = relayHeader.decode(reader);
  if (reader.remaining === 0) throw new DecodeError('truncated', 'a relay envelope with nothing in it');
  return {
    to: { host: requireHost(to.host), port: to.port },
    node,
    message: envelope.slice(reader.offset),
  };
}

/** Go's net.UDPAddr. */
interface UdpAddress {
  readonly host: string;
  readonly port: number;
  /** Of an IPv6 link-local address; means nothing on another machine. */
  readonly zone: string;
}

interface RelayHeader {
  readonly to: UdpAddress;
  readonly node: string;
}

const queryResponse = struct<QueryResponseMessage>({
  lTime: field('LTime', lamportTime),
  id: field('ID', uint32),
  from: field('From', text),
  flags: field('Flags', uint32),
  payload: field('Payload', payload),
});

const udpAddress = struct<UdpAddress>({
  host: field('IP', ipAddress),
  port: field('Port', uint16),
  zone: field('Zone', text),
});

const relayHeader = struct<RelayHeader>({ to: field('DestAddr', udpAddress), node: field('DestName', text) });
