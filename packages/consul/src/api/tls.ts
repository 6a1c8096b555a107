// What certificates are shown to an agent, and which of its are believed. The files are read here, as early
// as in the original, which complains of them even if it then speaks plain HTTP.
// Upstream: api/api.go (SetupTLSConfig), hashicorp/go-rootcerts.

import { readdirSync, readFileSync } from 'node:fs';
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
  const pair = certFile === '' ? {} : { cert: read(certFile), key: read(keyFile) };
  const name =
    serverName === '' ? {} : { servername: serverName.replace(/:\d*$/, '').replace(/^\[|\]$/g, '') };
  const ca = caFile === '' && caPath === '' ? {} : { ca: readAuthorities(caFile, caPath) };
  return { ...pair, ...name, ...ca, rejectUnauthorized: isVerified };
}

function readAuthorities(file: string, folder: string): readonly string[] {
  if (file !== '') return [read(file, 'Error loading CA File: ')];
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)],
    );
  } catch (error) {
    throw new Error(openError(folder, error, 'lstat'), { cause: error });
  }
  return names.map((name) => read(name, 'Error loading CA File: '));
}

function read(file: string, prefix = ''): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(prefix + openError(file, error), { cause: error });
  }
}
