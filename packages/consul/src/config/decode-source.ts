// One source's text as settings: JSON or HCL, then the table of settings. Next: load.ts.
// Upstream: agent/config/config.go (FileSource.Parse), agent/config/builder.go (Build), builder_oss.go.

import {
  compareText,
  goWord,
  isObject,
  type JsonObject,
  listProblems,
  parseWholeJson,
  quote,
} from '@reeve/cli';
import { ConfigError } from './config-error.ts';
import { readHcl } from './hcl/read-hcl.ts';
import type { DecodingNotes } from './kinds.ts';
import { type ConfigSettings, settings } from './settings/settings.ts';

/** A file, or what stands for one on the command line. */
export interface ConfigSource {
  /** Its path, as it is named in complaints. */
  readonly name: string;
  readonly format: ConfigFormat;
  readonly bytes: Uint8Array;
}

/** How a source is written. */
export type ConfigFormat = 'json' | 'hcl';

/** What a source says. */
export interface DecodedSource {
  readonly settings: ConfigSettings;
  /** What the operator should know about its keys. */
  readonly warnings: readonly string[];
}

/** Reads one source: settings, or a ConfigError that names it, whatever the bytes are. */
export function decodeSource({ name, format, bytes }: ConfigSource): DecodedSource {
  if (bytes.length === 0) return { settings: {}, warnings: [] };
  const refuse = (reason: string): ConfigError => new ConfigError(`failed to parse ${name}: ${reason}`);
  const notes: DecodingNotes = {
    wholeNumber: format === 'hcl' ? 'int' : 'float64',
    mismatches: [],
    unknownKeys: [],
    knownKeys: [],
  };
  const decoded = settings.read(readObject(format, bytes, refuse), '', notes);
  if (notes.mismatches.length > 0) throw refuse(listMismatches(notes.mismatches));
  const deprecated = notes.unknownKeys.filter((key) => key === deprecatedKey);
  const unknown = notes.unknownKeys.filter((key) => key !== deprecatedKey);
  if (unknown.length > 0) throw refuse(listProblems(unknown.map((key) => `invalid config key ${key}`)));
  return {
    settings: decoded ?? {},
    warnings: [
      ...deprecated.map((key) => `config key ${quote(key)} is deprecated and should be removed`),
      ...notes.knownKeys
        .filter((key) => enterpriseKeys.has(key))
        .map((key) => `${quote(key)} is a Consul Enterprise configuration and will have no effect`),
    ],
  };
}

function readObject(
  format: ConfigFormat,
  bytes: Uint8Array,
  refuse: (reason: string) => ConfigError,
): JsonObject {
  try {
    const value = format === 'json' ? parseWholeJson(bytes) : readHcl(bytes);
    if (value === null) return {};
    if (isObject(value)) return value;
    throw new Error(`json: cannot unmarshal ${goWord(value)} into Go value of type map[string]interface {}`);
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

/** Several complaints about types as one. Source: mitchellh/mapstructure error.go. */
export function listMismatches(mismatches: readonly string[]): string {
  const lines = mismatches.map((mismatch) => `* ${mismatch}`).sort(compareText);
  return `${mismatches.length} error(s) decoding:\n\n${lines.join('\n')}`;
}

const deprecatedKey = 'acl_enforce_version_8';
const enterpriseKeys: ReadonlySet<string> = new Set([
  'non_voting_server',
  'segment',
  'segments',
  'autopilot.redundancy_zone_tag',
  'autopilot.upgrade_version_tag',
  'autopilot.disable_upgrade_migration',
  'dns_config.prefer_namespace',
  'acl.msp_disable_bootstrap',
  'acl.tokens.managed_service_provider',
  'audit',
]);
