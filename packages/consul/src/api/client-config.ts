// Which agent is meant, and how to speak with it: flags, before environment variables, before defaults.
// Upstream: api/api.go (DefaultConfig, NewClient), command/flags/http.go. Texts are the original's.
// Next: client.ts.

import { readFileSync } from 'node:fs';
import { type Env, quote, trimSpace } from '@reeve/cli';
import { openError } from '@reeve/runtime';
import { readTlsOptions, type TlsOptions } from './tls.ts';

/** How to reach an agent. */
export interface ClientConfig {
  readonly scheme: 'http' | 'https';
  /** Host and port as they were written, or the path of a socket: what stands in the URL. */
  readonly address: string;
  readonly isSocket: boolean;
  readonly token: string;
  readonly datacenter: string;
  readonly namespace: string;
  /** `user:password`, or empty. */
  readonly basicAuth: string;
  readonly tls: TlsOptions;
}

/** What flags say of it; a missing one and an empty one say nothing. */
export interface ClientFlagValues {
  readonly 'http-addr': string;
  readonly token: string;
  readonly 'token-file': string;
  readonly 'ca-file': string;
  readonly 'ca-path': string;
  readonly 'client-cert': string;
  readonly 'client-key': string;
  readonly 'tls-server-name': string;
  readonly datacenter?: string;
  readonly namespace?: string;
}

/**
 * Reads flags, variables and the files that they name. `warn` is told of variables that make no sense.
 * @throws Error in the original's words
 */
export function readClientConfig(
  flags: ClientFlagValues,
  env: Env,
  warn: (line: string) => void,
): ClientConfig {
  const truth = (name: string, missing: boolean): boolean => readTruth(env, name, missing, warn);
  const isHttps = truth('CONSUL_HTTP_SSL', false);
  const tls = readTlsOptions({
    caFile: flags['ca-file'] || env.CONSUL_CACERT || '',
    caPath: flags['ca-path'] || env.CONSUL_CAPATH || '',
    certFile: flags['client-cert'] || env.CONSUL_CLIENT_CERT || '',
    keyFile: flags['client-key'] || env.CONSUL_CLIENT_KEY || '',
    serverName: flags['tls-server-name'] || env.CONSUL_TLS_SERVER_NAME || '',
    isVerified: truth('CONSUL_HTTP_SSL_VERIFY', true),
  });
  const given = flags['http-addr'] || env.CONSUL_HTTP_ADDR || defaultAddress;
  const [, scheme = 'http', address = given] = /^(.*?):\/\/(.*)$/s.exec(given) ?? [];
  if (!['http', 'https', 'unix'].includes(scheme)) throw new Error(`Unknown protocol scheme: ${scheme}`);
  return {
    scheme: isHttps || scheme === 'https' ? 'https' : 'http',
    address,
    isSocket: scheme === 'unix',
    token:
      readToken(flags['token-file'] || env.CONSUL_HTTP_TOKEN_FILE || '') ||
      flags.token ||
      env.CONSUL_HTTP_TOKEN ||
      '',
    datacenter: flags.datacenter ?? '',
    namespace: flags.namespace || env.CONSUL_NAMESPACE || '',
    basicAuth: env.CONSUL_HTTP_AUTH ?? '',
    tls,
  };
}

function readTruth(env: Env, name: string, missing: boolean, warn: (line: string) => void): boolean {
  const text = env[name] ?? '';
  if (text === '') return missing;
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (!/^(0|f|F|false|FALSE|False)$/.test(text)) {
    const reason = `error="strconv.ParseBool: parsing ${quote(text)}: invalid syntax"`;
    warn(`${new Date().toISOString()} [WARN]  consul-api: could not parse ${name}: ${reason}`);
  }
  return false;
}

function readToken(file: string): string {
  if (file === '') return '';
  try {
    return trimSpace(readFileSync(file, 'utf8'));
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException; // of a directory it is `read`
    throw new Error(`Error loading token file: ${openError(file, error, syscall)}`, { cause: error });
  }
}

const defaultAddress = '127.0.0.1:8500';
