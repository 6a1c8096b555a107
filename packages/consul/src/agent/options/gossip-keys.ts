// The keys of the datacenter's gossip: those of the keyring file, if there is one, whatever the
// configuration says; otherwise the configuration's, which begins the file.
// Upstream: agent/agent.go (setupKeyrings), agent/keyring.go (initKeyring, loadKeyringFile).

import { decodeBase64, encodeBase64, encodeText } from '@reeve/bytes';
import { Keyring } from '@reeve/memberlist';
import type { Result, Runtime } from '@reeve/runtime';
import { readKeyringFile } from '@reeve/serf/agent';
import type { RuntimeConfig } from '../../config/runtime-config.ts';

/** How an agent encrypts. */
export interface GossipKeys {
  /** Undefined: not at all. */
  readonly keyring: Keyring | undefined;
  /** Where changes are kept; undefined: nowhere. */
  readonly file: string | undefined;
}

/** Finds the keys; rejects with what is wrong with the file. */
export async function findGossipKeys(
  config: RuntimeConfig,
  { disk, log }: Pick<Runtime, 'disk' | 'log'>,
): Promise<GossipKeys> {
  const { gossip, identity, devMode } = config;
  const key = gossip.encryptKey;
  const configured = key === '' ? undefined : new Keyring([decodeBase64(key)]);
  if (devMode || gossip.disableKeyringFile) return { keyring: configured, file: undefined };
  const file = `${identity.dataDir}/serf/local.keyring`;
  const isThere = (await asked<Uint8Array>((done) => disk.read(file, fileBytesMax, done))).ok;
  if (!isThere && configured === undefined) return { keyring: undefined, file: undefined };
  if (!isThere) {
    const written = await asked((done) => disk.replace(file, encodeText(JSON.stringify([key])), 0o600, done));
    if (!written.ok) throw written.error;
  }
  const read = await asked<Keyring>((done) => readKeyringFile(disk, file, done));
  if (!read.ok) throw inConsulsWords(read.error, file);
  if (key !== '' && !read.value.keys.some((known) => encodeBase64(known.raw) === key)) {
    const text = "keyring doesn't include key provided with -encrypt, using keyring: keyring=LAN";
    log('warn', `agent:  ${text}`);
  }
  return { keyring: read.value, file };
}

/** Serf says what it was doing; Consul does not. */
function inConsulsWords(error: Error, file: string): Error {
  const reason = error.message
    .replace(/^Failed to (?:decode keyring file|decode key from keyring|restore keyring): /, '')
    .replace(/^Keyring file contains no keys$/, `no keys present in keyring: ${file}`);
  return new Error(reason, { cause: error });
}

function asked<T>(ask: (done: (result: Result<T, Error>) => void) => void): Promise<Result<T, Error>> {
  return new Promise(ask);
}

const fileBytesMax = 1024 * 1024;
