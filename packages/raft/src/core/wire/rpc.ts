// The questions and answers of hashicorp/raft 1.1.2 as bytes: a question is a type byte and a struct, an
// answer the text of an error, empty if there is none, and a struct. Upstream: hashicorp/raft commands.go,
// net_transport.go.
//
// A heartbeat is an AppendEntries whose list of entries is nil. The bytes of a snapshot follow its question;
// their number is in it. Fields that newer versions send are skipped.

import {
  boolean,
  bytes,
  DecodeError,
  field,
  gossipDialect,
  int64,
  type MsgpackReader,
  MsgpackWriter,
  nilableBytes,
  nilableList,
  type StructFields,
  struct,
  text,
  uint8,
} from '@reeve/bytes';
import type { LogEntry } from '../log-entry.ts';
import type { Answer, AppendEntries, Heartbeat, InstallSnapshot, Request, RequestVote } from '../messages.ts';
import { decodeConfiguration, decodePeers, encodeConfiguration, encodePeers } from './configuration.ts';
import { logEntryCodec } from './log-entry.ts';
import { counter } from './numbers.ts';

/** The version of the protocol that we speak; we understand the one before it too. */
export const protocolVersion = 3;

/** What a question of another version is answered. */
export const unsupportedProtocol = 'operation not supported with current protocol version';

/** A question, type byte included, without the bytes of a snapshot. */
export function encodeRequest(request: Request): Uint8Array {
  const writer = new MsgpackWriter(gossipDialect);
  switch (request.kind) {
    case 'append-entries':
      writer.byte(typeBytes.appendEntries);
      appendCodec.encode(writer, { protocolVersion, ...request });
      break;
    case 'heartbeat':
      writer.byte(typeBytes.appendEntries);
      appendCodec.encode(writer, { protocolVersion, ...request, ...nothingToAppend });
      break;
    case 'request-vote':
      writer.byte(typeBytes.requestVote);
      voteCodec.encode(writer, { protocolVersion, ...request });
      break;
    case 'install-snapshot':
      writer.byte(typeBytes.installSnapshot);
      snapshotCodec.encode(writer, toWire(request));
      break;
    case 'timeout-now':
      writer.byte(typeBytes.timeoutNow);
      headerCodec.encode(writer, { protocolVersion });
  }
  return writer.finish();
}

/**
 * Reads a question, type byte included; undefined when it is of a version that we do not speak.
 * @throws DecodeError
 */
export function readRequest(reader: MsgpackReader): Request | undefined {
  const type = reader.readUnsigned(0x7f); // a byte below 0x80 is an integer of its own
  switch (type) {
    case typeBytes.appendEntries:
      return ofOurVersion(appendCodec.decode(reader), toAppend);
    case typeBytes.requestVote:
      return ofOurVersion(voteCodec.decode(reader), toVote);
    case typeBytes.installSnapshot:
      return ofOurVersion(snapshotCodec.decode(reader), toSnapshot);
    case typeBytes.timeoutNow:
      return ofOurVersion(headerCodec.decode(reader), () => ({ kind: 'timeout-now' }));
    default:
      throw new DecodeError('malformed', `unknown rpc type ${type}`);
  }
}

/** An answer. */
export function encodeAnswer(answer: Answer): Uint8Array {
  const writer = new MsgpackWriter(gossipDialect);
  writer.text('');
  switch (answer.kind) {
    case 'append-answer':
      appendAnswerCodec.encode(writer, { protocolVersion, ...answer });
      break;
    case 'vote-answer':
      voteAnswerCodec.encode(writer, { protocolVersion, peers: null, ...answer });
      break;
    case 'snapshot-answer':
      snapshotAnswerCodec.encode(writer, { protocolVersion, ...answer });
      break;
    case 'timeout-now-answer':
      headerCodec.encode(writer, { protocolVersion: 0 }); // this one upstream leaves as it is
  }
  return writer.finish();
}

/** An error in place of an answer. */
export function encodeRefusal(error: string): Uint8Array {
  const writer = new MsgpackWriter(gossipDialect);
  writer.text(error);
  writer.nil();
  return writer.finish();
}

/** Reads the answer to a question; a text is the other side's error. @throws DecodeError */
export function readAnswer(reader: MsgpackReader, kind: Request['kind']): Answer | string {
  const error = reader.readText(errorBytesMax);
  const answer = readAnswerBody(reader, kind);
  return error === '' ? answer : error;
}

function readAnswerBody(reader: MsgpackReader, kind: Request['kind']): Answer {
  switch (kind) {
    case 'append-entries':
    case 'heartbeat': {
      const { term, lastIndex, isSuccess, noRetryBackoff } = appendAnswerCodec.decode(reader);
      return { kind: 'append-answer', term, lastIndex, isSuccess, noRetryBackoff };
    }
    case 'request-vote': {
      const { term, isGranted } = voteAnswerCodec.decode(reader);
      return { kind: 'vote-answer', term, isGranted };
    }
    case 'install-snapshot': {
      const { term, isSuccess } = snapshotAnswerCodec.decode(reader);
      return { kind: 'snapshot-answer', term, isSuccess };
    }
    case 'timeout-now':
      headerCodec.decode(reader);
      return { kind: 'timeout-now-answer' };
  }
}

interface WireHeader {
  readonly protocolVersion: number;
}

interface WireAppend extends WireHeader {
  readonly term: number;
  readonly leader: string;
  readonly prevIndex: number;
  readonly prevTerm: number;
  readonly entries: readonly LogEntry[] | null;
  readonly leaderCommit: number;
}

interface WireVote extends WireHeader, Omit<RequestVote, 'kind'> {}

interface WireSnapshot extends WireHeader {
  readonly snapshotVersion: number;
  readonly term: number;
  readonly leader: string;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly peers: Uint8Array | null;
  readonly configuration: Uint8Array;
  readonly configurationIndex: number;
  readonly sizeBytes: number;
}

interface WireAppendAnswer extends WireHeader {
  readonly term: number;
  readonly lastIndex: number;
  readonly isSuccess: boolean;
  readonly noRetryBackoff: boolean;
}

interface WireVoteAnswer extends WireHeader {
  readonly term: number;
  readonly peers: Uint8Array | null;
  readonly isGranted: boolean;
}

interface WireSnapshotAnswer extends WireHeader {
  readonly term: number;
  readonly isSuccess: boolean;
}

function ofOurVersion<T extends WireHeader>(wire: T, convert: (wire: T) => Request): Request | undefined {
  const { protocolVersion: version } = wire;
  return version > protocolVersion || version < protocolVersion - 1 ? undefined : convert(wire);
}

function toAppend(wire: WireAppend): AppendEntries | Heartbeat {
  const { term, leader, prevIndex, prevTerm, leaderCommit } = wire;
  const entries = wire.entries ?? [];
  if (entries.length === 0 && prevIndex === 0 && prevTerm === 0 && leaderCommit === 0)
    return { kind: 'heartbeat', term, leader };
  for (const [place, entry] of entries.entries()) {
    if (entry.index !== prevIndex + 1 + place)
      throw new DecodeError('malformed', `entry ${entry.index} does not follow ${prevIndex + place}`);
    if (entry.term > term)
      throw new DecodeError('malformed', `entry ${entry.index} is of term ${entry.term}, after ${term}`);
  }
  return { kind: 'append-entries', term, leader, prevIndex, prevTerm, entries, leaderCommit };
}

function toVote({ protocolVersion: _, ...vote }: WireVote): RequestVote {
  return { kind: 'request-vote', ...vote };
}

function toSnapshot(wire: WireSnapshot): InstallSnapshot {
  const { term, leader, lastIndex: index, lastTerm, sizeBytes, snapshotVersion } = wire;
  if (snapshotVersion > 1 || sizeBytes < 0)
    throw new DecodeError(
      'malformed',
      `unsupported snapshot version ${snapshotVersion} or size ${sizeBytes}`,
    );
  // Version 0 came with addresses only, and was as old as they were.
  const isOld = snapshotVersion === 0;
  const configuration = isOld
    ? decodePeers(wire.peers ?? new Uint8Array([0xc0]))
    : decodeConfiguration(wire.configuration);
  const configurationIndex = isOld ? index : wire.configurationIndex;
  const snapshot = { index, term: lastTerm, configuration, configurationIndex, sizeBytes };
  return { kind: 'install-snapshot', term, leader, snapshot };
}

function toWire({ term, leader, snapshot }: InstallSnapshot): WireSnapshot {
  return {
    protocolVersion,
    snapshotVersion: 1,
    term,
    leader,
    lastIndex: snapshot.index,
    lastTerm: snapshot.term,
    peers: encodePeers(snapshot.configuration),
    configuration: encodeConfiguration(snapshot.configuration),
    configurationIndex: snapshot.configurationIndex,
    sizeBytes: snapshot.sizeBytes,
  };
}

const typeBytes = { appendEntries: 0, requestVote: 1, installSnapshot: 2, timeoutNow: 3 };
const nothingToAppend = { prevIndex: 0, prevTerm: 0, entries: null, leaderCommit: 0 };
/** Upstream's largest batch; its default is 64. */
const entriesMax = 1_024;
const errorBytesMax = 4_096;

const header: StructFields<WireHeader> = { protocolVersion: field('ProtocolVersion', uint8) };

const headerCodec = struct<WireHeader>(header);

const appendCodec = struct<WireAppend>({
  ...header,
  term: field('Term', counter),
  leader: field('Leader', text),
  prevIndex: field('PrevLogEntry', counter),
  prevTerm: field('PrevLogTerm', counter),
  entries: field('Entries', nilableList(logEntryCodec, entriesMax)),
  leaderCommit: field('LeaderCommitIndex', counter),
});

const voteCodec = struct<WireVote>({
  ...header,
  term: field('Term', counter),
  candidate: field('Candidate', text),
  lastIndex: field('LastLogIndex', counter),
  lastTerm: field('LastLogTerm', counter),
  isLeadershipTransfer: field('LeadershipTransfer', boolean),
});

const snapshotCodec = struct<WireSnapshot>({
  ...header,
  snapshotVersion: field('SnapshotVersion', uint8),
  term: field('Term', counter),
  leader: field('Leader', text),
  lastIndex: field('LastLogIndex', counter),
  lastTerm: field('LastLogTerm', counter),
  peers: field('Peers', nilableBytes),
  configuration: field('Configuration', bytes),
  configurationIndex: field('ConfigurationIndex', counter),
  sizeBytes: field('Size', int64),
});

const appendAnswerCodec = struct<WireAppendAnswer>({
  ...header,
  term: field('Term', counter),
  lastIndex: field('LastLog', counter),
  isSuccess: field('Success', boolean),
  noRetryBackoff: field('NoRetryBackoff', boolean),
});

const voteAnswerCodec = struct<WireVoteAnswer>({
  ...header,
  term: field('Term', counter),
  peers: field('Peers', nilableBytes),
  isGranted: field('Granted', boolean),
});

const snapshotAnswerCodec = struct<WireSnapshotAnswer>({
  ...header,
  term: field('Term', counter),
  isSuccess: field('Success', boolean),
});
