// What certificates are shown to an agent, and which of its are believed. The files are read here, as early
// as in the original, which complains of them even if it then speaks plain HTTP.
// Upstream: api/api.go (SetupTLSConfig), hashicorp/go-rootcerts.

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openError } from '@reeve/runtime';

/** The settings; empty texts say nothing. */
export interface TlsSettings {
  readonly caFile: string;
  readonly caPath: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly serverName: string;
  readonly isVerified: boolean;
}

/** The settings as Node's TLS takes them. */
export interface TlsOptions {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** Reads the files. @throws Error in the original's words */
export function readTlsOptions(settings: TlsSettings): TlsOptions {
  const { caFile, caPath, certFile, keyFile, serverName, isVerified } = settings;
  if ((certFile === '') !== (keyFile === ''))
    throw new Error('both client cert and client key must be provided');
  const pair =
    certFile === '' ? {} : { cert: readPem(certFile, 'certificate'), key: readPem(keyFile, 'key') };
  const name =
    serverName === '' ? {} : { servername: serverName.replace(/:\d*$/, '').replace(/^\[|\]$/g, '') };
  const ca = caFile === '' && caPath === '' ? {} : { ca: readAuthorities(caFile, caPath) };
  return { ...pair, ...name, ...ca, rejectUnauthorized: isVerified };
}

function readAuthorities(file: string, folder: string): readonly string[] {
  if (file !== '') return [readAuthority(file, 'Error loading CA File: ')];
  return filesIn(folder).map((name) => readAuthority(name, 'Error loading CA Path: '));
}

function filesIn(folder: string): readonly string[] {
  try {
    if (!lstatSync(folder).isDirectory()) return [folder];
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .flatMap((entry) => (entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)]))
      .sort();
  } catch (error) {
    throw new Error(openError(folder, error, 'lstat'), { cause: error });
  }
}

function readAuthority(file: string, prefix: string): string {
  const text = read(file, prefix);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Error(`${prefix}Couldn't parse PEM in: ${file}`);
}

function readPem(file: string, what: 'certificate' | 'key'): string {
  const text = read(file);
  if (text.includes('-----BEGIN ')) return text;
  throw new Error(`tls: failed to find any PEM data in ${what} input`);
}

function read(file: string, prefix = ''): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException; // of a directory it is `read`
    throw new Error(prefix + openError(file, error, syscall), { cause: error });
  }
}
