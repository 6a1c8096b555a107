// The answer to "who has this name?" (type 6), the payload of a query response.

import {
  encodeWith,
  field,
  gossipDialect,
  int32,
  MsgpackReader,
  nilable,
  struct,
  text,
  textMap,
  uint8,
  uint16,
} from '@reeve/bytes';
import { type Member, memberStatuses } from '../member.ts';
import { type ConflictResponse, messageTypes } from '../messages.ts';
import { ipAddress } from './address.ts';
import { tagsBytesMax } from './tags.ts';

/** The whole payload, type byte included. */
export function encodeConflictResponse(member: ConflictResponse): Uint8Array {
  const wire = member === undefined ? null : { ...member, status: memberStatuses.indexOf(member.status) };
  return encodeWith(nilable(wireMember), gossipDialect, wire, messageTypes.conflictResponse);
}

/**
 * Nobody, or the member; one without an address has an empty host.
 * @throws DecodeError
 */
export function decodeConflictResponse(payload: Uint8Array): ConflictResponse {
  const member = nilable(wireMember).decode(new MsgpackReader(payload, 1));
  if (member === null) return undefined;
  return { ...member, status: memberStatuses[member.status] ?? 'none' };
}

interface WireMember extends Omit<Member, 'status'> {
  readonly status: number;
}

const wireMember = struct<WireMember>({
  name: field('Name', text),
  host: field('Addr', ipAddress),
  port: field('Port', uint16),
  tags: field('Tags', textMap(text, tagsBytesMax)),
  status: field('Status', int32),
  protocolMin: field('ProtocolMin', uint8),
  protocolMax: field('ProtocolMax', uint8),
  protocolCur: field('ProtocolCur', uint8),
  delegateMin: field('DelegateMin', uint8),
  delegateMax: field('DelegateMax', uint8),
  delegateCur: field('DelegateCur', uint8),
});
