// How a node is run, as people write it, and the settings of the core that it means.

import { hostname } from 'node:os';
import { decodeBase64, encodeBase64 } from '@reeve/bytes';
import {
  defaultPort,
  Keyring,
  lanProfile,
  localProfile,
  type MemberlistConfig,
  parseJoinAddress,
  wanProfile,
} from '@reeve/memberlist';
import type { Endpoint, Log, Metrics, Network } from '@reeve/runtime';
import { defaultSerfConfig, protocolVersionMax, type SerfConfig, type Tags } from '../core/index.ts';

/** An encryption key: 16, 24 or 32 bytes, or their base64. */
export type Key = string | Uint8Array;

/** How a node is run. Everything may be left out. Times are milliseconds. */
export interface SerfOptions {
  /** Unique in the cluster. Default: this machine's name. */
  readonly name?: string | undefined;
  /** Where gossip is received: `host`, `host:port` or `[v6]:port`; port 0 is any. Default `0.0.0.0:7946`. */
  readonly bind?: string | undefined;
  /** Where others reach this node, if that is somewhere else. */
  readonly advertise?: string | undefined;
  /** Members to join at the start, as in `join`. `createSerf` fails when none of them can be reached. */
  readonly join?: readonly string[] | undefined;
  /** What this node says of itself; 512 bytes together. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Timing for one network, the internet, or one machine. Default `lan`. */
  readonly profile?: 'lan' | 'wan' | 'local' | undefined;
  /** Keys for encryption: the first one is used to send, all to receive. Default: no encryption. */
  readonly encryptKeys?: readonly Key[] | undefined;
  /** A file that remembers the members, so that a restarted node finds its cluster again. */
  readonly snapshotPath?: string | undefined;
  /** Rejoin from the snapshot even after a graceful leave. */
  readonly rejoinAfterLeave?: boolean | undefined;
  /** Takes the log lines, `log('warn', 'serf: …')`. Default: they are dropped. */
  readonly log?: Log | undefined;
  /** Takes the node's numbers. Default: none are kept. */
  readonly metrics?: Metrics | undefined;
  /** Any other setting of the serf layer. */
  readonly serf?: Partial<Omit<SerfConfig, 'memberlist' | 'tags'>>;
  /** Any other setting of the membership layer. */
  readonly memberlist?: Partial<MemberlistConfig>;
}

/** The settings of the core. @throws Error that names what is wrong; rejects when a host name is unknown. */
export async function toSerfConfig(options: SerfOptions, network: Network): Promise<SerfConfig> {
  const { name = hostname(), bind = '0.0.0.0', advertise, profile = 'lan', encryptKeys = [] } = options;
  const memberlist: MemberlistConfig = {
    ...profiles[profile](name),
    bind: await toEndpoint(bind, network),
    advertise: advertise === undefined ? undefined : await toEndpoint(advertise, network),
    keyring: encryptKeys.length === 0 ? undefined : new Keyring(encryptKeys.map(toKeyBytes)),
    ...options.memberlist,
  };
  return {
    ...defaultSerfConfig(memberlist),
    protocolVersion: protocolVersionMax,
    tags: toTags(options.tags ?? {}),
    snapshotPath: options.snapshotPath,
    rejoinAfterLeave: options.rejoinAfterLeave ?? false,
    ...options.serf,
  };
}

/** Tags for the core. @throws TypeError when a value is no text. */
export function toTags(tags: Readonly<Record<string, string>>): Tags {
  for (const [key, value] of Object.entries(tags)) {
    if (typeof value !== 'string')
      throw new TypeError(`the tag "${key}" must be a text, not ${typeof value}`);
  }
  return new Map(Object.entries(tags));
}

/** A key for the key manager. */
export function toBase64(key: Key): string {
  return typeof key === 'string' ? key : encodeBase64(key);
}

function toKeyBytes(key: Key): Uint8Array {
  return typeof key === 'string' ? decodeBase64(key) : new Uint8Array(key);
}

function toEndpoint(text: string, network: Network): Promise<Endpoint> {
  const { host, port } = parseJoinAddress(text, defaultPort);
  return new Promise((resolve, reject) => {
    network.resolve(host, (resolved) => {
      if (!resolved.ok) return reject(resolved.error);
      const first = resolved.value.find((address) => !address.includes(':')) ?? resolved.value[0];
      if (first === undefined) reject(new Error(`${host} has no address`));
      else resolve({ host: first, port });
    });
  });
}

const profiles = { lan: lanProfile, wan: wanProfile, local: localProfile };
