// What `meta.json` says of the snapshot beside it. Upstream: hashicorp/raft snapshot.go (SnapshotMeta).

import { DecodeError, decodeBase64, encodeBase64 } from '@reeve/bytes';
import { type Configuration, suffrages } from '@reeve/raft/core';
import { ArchiveError } from './archive-error.ts';

/** Where in the log a snapshot was taken, and who took part then. */
export interface ArchiveMetadata {
  /** Term, index and milliseconds since 1970: `2-217-1795289504093`. */
  readonly id: string;
  readonly index: number;
  readonly term: number;
  /** The addresses of the servers in msgpack, as raft had them before it had configurations. */
  readonly peers: Uint8Array;
  readonly configuration: Configuration;
  readonly configurationIndex: number;
  /** How many bytes `state.bin` has. */
  readonly stateBytes: number;
}

/** The text of `meta.json`, as Go's encoder writes it. */
export function formatMetadata(metadata: ArchiveMetadata): string {
  const servers = metadata.configuration.servers.map(({ suffrage, id, address }) => ({
    Suffrage: suffrages.indexOf(suffrage),
    ID: id,
    Address: address,
  }));
  const fields = {
    Version: version,
    ID: metadata.id,
    Index: metadata.index,
    Term: metadata.term,
    Peers: encodeBase64(metadata.peers),
    Configuration: { Servers: servers },
    ConfigurationIndex: metadata.configurationIndex,
    Size: metadata.stateBytes,
  };
  return `${JSON.stringify(fields)}\n`;
}

/** @throws ArchiveError */
export function parseMetadata(text: string): ArchiveMetadata {
  const fields = record(parseJson(text));
  return {
    id: textOf(fields.ID),
    index: indexOf(fields.Index),
    term: countOf(fields.Term),
    peers: bytesOf(fields.Peers ?? ''),
    configuration: { servers: listOf(record(fields.Configuration ?? {}).Servers).map(parseServer) },
    configurationIndex: countOf(fields.ConfigurationIndex ?? 0),
    stateBytes: countOf(fields.Size),
  };
}

function parseServer(value: unknown): Configuration['servers'][number] {
  const { Suffrage, ID, Address } = record(value);
  const suffrage = suffrages[countOf(Suffrage)] ?? refuse('a server with an unknown suffrage');
  return { suffrage, id: textOf(ID), address: textOf(Address) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
}

function record(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : refuse('an object was expected');
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : refuse('a list was expected');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : refuse('a text was expected');
}

function bytesOf(value: unknown): Uint8Array {
  try {
    return decodeBase64(textOf(value));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refuse(error.message);
  }
}

function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : refuse('a number was expected');
}

/** Indexes go on from this one: there must be room for them. */
function indexOf(value: unknown): number {
  const index = countOf(value);
  return index <= indexMax ? index : refuse('an index that no log reaches');
}

function refuse(what: string): never {
  throw new ArchiveError(`failed to read snapshot file: failed to decode snapshot metadata: ${what}`);
}

const version = 1;
const indexMax = 2 ** 50;
