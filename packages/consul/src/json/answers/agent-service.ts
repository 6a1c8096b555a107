// A service as its agent shows it, which is not as the catalog does: other order, nothing of the mesh, and a
// hash of it all to wait with. Upstream: api/agent.go (AgentService), agent/agent_endpoint.go
// (buildAgentService), mitchellh/hashstructure.

import { encodeText } from '@reeve/bytes';
import { compactJson } from '@reeve/cli';
import { evenWeights, type NodeService, type Weights } from '../../core/index.ts';
import { addressFields } from './records.ts';

/** A service; with its hash where it is asked for alone. */
export function agentServiceJson(service: NodeService, contentHash = ''): string {
  const { kind, taggedAddresses } = service;
  const { passing, warning } = weightsOf(service);
  return compactJson({
    ...(kind === '' ? {} : { Kind: kind }),
    ID: service.id,
    Service: service.service,
    Tags: service.tags ?? [],
    Meta: service.meta ?? {},
    Port: service.port,
    Address: service.address,
    ...(taggedAddresses === null ? {} : { TaggedAddresses: addressFields(taggedAddresses) }),
    Weights: { Passing: passing, Warning: warning },
    EnableTagOverride: service.enableTagOverride,
    ...(contentHash === '' ? {} : { ContentHash: contentHash }),
  });
}

/** What changes when anything of a service does: 64 bits in hexadecimal, the same as the original's. */
export function contentHash(service: NodeService): string {
  const { passing, warning } = weightsOf(service);
  const addresses = [...(service.taggedAddresses ?? [])].map(
    ([name, { address, port }]) =>
      [name, structHash('ServiceAddress', { Address: textHash(address), Port: intHash(port) })] as const,
  );
  const hash = structHash('AgentService', {
    Kind: textHash(service.kind),
    ID: textHash(service.id),
    Service: textHash(service.service),
    Tags: (service.tags ?? []).reduce((sum, tag) => pairHash(sum, textHash(tag)), 0n),
    Meta: mapHash([...(service.meta ?? [])].map(([name, value]) => [name, textHash(value)])),
    Port: intHash(service.port),
    Address: textHash(service.address),
    TaggedAddresses: mapHash(addresses),
    Weights: structHash('AgentWeights', { Passing: intHash(passing), Warning: intHash(warning) }),
    EnableTagOverride: fnv(Uint8Array.of(service.enableTagOverride ? 1 : 0)),
    CreateIndex: intHash(0),
    ModifyIndex: intHash(0),
    ContentHash: textHash(''),
    Proxy: intHash(0),
    Connect: intHash(0),
  });
  return hash.toString(16);
}

/** Upstream corrects a weight of 0 while passing, which nobody can register. */
function weightsOf({ weights }: NodeService): Weights {
  return weights === null ? evenWeights : { ...weights, passing: Math.max(weights.passing, 1) };
}

/** The name of the type, and each field with its name, in any order. */
function structHash(name: string, fields: Readonly<Record<string, bigint>>): bigint {
  return textHash(name) ^ mapHash(Object.entries(fields));
}

function mapHash(entries: readonly (readonly [string, bigint])[]): bigint {
  return entries.reduce((sum, [name, hash]) => sum ^ pairHash(textHash(name), hash), 0n);
}

function pairHash(first: bigint, second: bigint): bigint {
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setBigUint64(0, first, true);
  bytes.setBigUint64(8, second, true);
  return fnv(new Uint8Array(bytes.buffer));
}

function intHash(value: number): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt(value), true);
  return fnv(new Uint8Array(bytes.buffer));
}

function textHash(text: string): bigint {
  return fnv(encodeText(text));
}

/** FNV-1 of 64 bits. */
function fnv(bytes: Uint8Array): bigint {
  let hash = fnvOffset;
  for (const byte of bytes) hash = BigInt.asUintN(64, hash * fnvPrime) ^ BigInt(byte);
  return hash;
}

const fnvOffset = 0xcbf29ce484222325n;
const fnvPrime = 0x100000001b3n;
