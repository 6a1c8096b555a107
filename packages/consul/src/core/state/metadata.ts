// What metadata of nodes and services may look like. Upstream: agent/structs/structs.go (validateMetadata).

import { textByteLength } from '@reeve/bytes';
import type { TextMap } from '../records/index.ts';

/** What is wrong with a service's metadata, or undefined. */
export function serviceMetadataProblem(kind: string, meta: TextMap | null): string | undefined {
  return metadataProblem(meta, kind === 'mesh-gateway' ? federationKey : undefined);
}

/** What is wrong with metadata, or undefined. Of the names that begin with `consul-` one may be allowed. */
export function metadataProblem(meta: TextMap | null, allowedKey?: string): string | undefined {
  if (meta === null) return undefined;
  if (meta.size > pairsMax) return `Node metadata cannot contain more than ${pairsMax} key/value pairs`;
  for (const [key, value] of meta) {
    const problem = pairProblem(key, value, allowedKey);
    if (problem !== undefined) return `Couldn't load metadata pair ('${key}', '${value}'): ${problem}`;
  }
  return undefined;
}

function pairProblem(key: string, value: string, allowedKey: string | undefined): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[a-zA-Z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (key.length > keyBytesMax) return `Key is too long (limit: ${keyBytesMax} characters)`;
  if (key.startsWith(reservedPrefix) && key !== allowedKey) {
    return `Key prefix '${reservedPrefix}' is reserved for internal use`;
  }
  if (textByteLength(value) > valueBytesMax) return `Value is too long (limit: ${valueBytesMax} characters)`;
  return undefined;
}

const pairsMax = 64;
const keyBytesMax = 128;
const valueBytesMax = 512;
const reservedPrefix = 'consul-';
const federationKey = 'consul-wan-federation';
