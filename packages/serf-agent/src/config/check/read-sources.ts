// Reads all sources of a configuration, as load.ts does, but goes on after what is wrong: with the next file,
// the next key, the next flag. What can be used is merged, so that it can be judged as a whole.
// Next: check-config.ts.

import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { FlagTable, ParsedFlags } from '@reeve/cli';
import { JsonError, parseWholeJson } from '@reeve/cli';
import type { Disk } from '@reeve/runtime';
import { errorText } from '../../error-text.ts';
import { type ConfigFlaw, examineConfig } from '../decode.ts';
import { configFiles, withPlaces } from '../files.ts';
import { configPaths } from '../flags.ts';
import { initialConfig, mergeConfig } from '../merge.ts';
import { readFile } from '../read-file.ts';
import { type AgentConfig, type ConfigLayer, type SettingName, settingList, settings } from '../schema.ts';
import { nearestKey } from './nearest-key.ts';
import type { Findings, Place } from './problem.ts';

/** A configuration, as far as it could be read, that knows where each of its settings was written. */
export interface ReadConfig {
  readonly config: AgentConfig;
  /** The files it comes from. */
  readonly files: readonly string[];
  /** The last source that says something about a setting; of a list, about this item of it. */
  place(name: SettingName, item?: unknown): Place;
}

/** Reads everything that flags say and name. */
export async function readSources(
  flags: ParsedFlags<FlagTable>,
  disk: Disk,
  findings: Findings,
): Promise<ReadConfig> {
  const files: string[] = [];
  for (const path of configPaths(flags)) files.push(...(await filesAt(path, findings)));
  const sources: Source[] = [];
  for (const file of files) sources.push({ name: file, layer: await readSource(file, disk, findings) });
  sources.push({ name: commandLine, layer: readFlags(flags, findings) });
  const merged = sources.map(({ layer }) => layer).reduce(mergeConfig, initialConfig());
  const place = (name: SettingName, item?: unknown): Place => placeOf(sources, name, item);
  return { config: { ...merged, nodeName: merged.nodeName || hostname() }, files, place };
}

interface Source {
  readonly name: string;
  readonly layer: ConfigLayer;
}

async function filesAt(path: string, findings: Findings): Promise<readonly string[]> {
  const at = { source: path, key: '' };
  try {
    const files = await configFiles(path);
    if (files.length === 0)
      findings.warning(at, 'no file in it ends in ".json"', 'Rename the files, or leave the folder out.');
    return files;
  } catch (error) {
    findings.error(at, errorText(error), 'Let the agent read the folder.');
    return [];
  }
}

async function readSource(file: string, disk: Disk, findings: Findings): Promise<ConfigLayer> {
  const at = { source: file, key: '' };
  const bytes = await readFile(disk, file).catch((error) => {
    findings.error(at, errorText(error), 'Create the file, or let the agent read it.');
  });
  if (!bytes) return {};
  try {
    const { layer, flaws } = examineConfig(bytes);
    for (const flaw of flaws) reportFlaw(file, flaw, findings);
    reportTail(at, bytes, findings);
    return withPlaces(layer, dirname(resolve(file)));
  } catch (error) {
    const where = error instanceof JsonError ? `, at ${position(bytes, error.offset)}` : '';
    const fix = where === '' ? 'Write one object: {"node_name": "web1"}.' : 'Correct the JSON there.';
    findings.error(at, `${errorText(error)}${where}`, fix);
    return {};
  }
}

function reportFlaw(file: string, flaw: ConfigFlaw, findings: Findings): void {
  if (flaw.kind === 'unknown keys') return reportUnknownKeys(file, flaw.section, flaw.keys, findings);
  const { key } = flaw;
  const example = settingList.find(([, setting]) => setting.key === key)?.[1].kind.example ?? '{}';
  const problem = flaw.kind === 'wrong type' ? flaw.problem : flaw.error.message;
  findings.error({ source: file, key }, problem, `Write it like this: "${key}": ${example}.`);
}

function reportUnknownKeys(file: string, section: string, keys: readonly string[], findings: Findings): void {
  for (const written of keys) {
    const key = section === '' ? written : `${section}.${written}`;
    const near = nearestKey(written, section);
    const fix = replacedKeys.get(key) ?? (near === undefined ? 'Remove it.' : `Did you mean "${near}"?`);
    findings.error({ source: file, key }, 'there is no such key', fix);
  }
}

// The agent does not read on after the object, so that a second one is lost without a word.
function reportTail(at: Place, bytes: Uint8Array, findings: Findings): void {
  try {
    parseWholeJson(bytes);
  } catch (error) {
    const where = error instanceof JsonError ? ` from ${position(bytes, error.offset)} on` : '';
    findings.warning(
      at,
      `what follows the object${where} is ignored`,
      'Remove it, or put it into the object.',
    );
  }
}

function readFlags(flags: ParsedFlags<FlagTable>, findings: Findings): ConfigLayer {
  const layer: Partial<Record<SettingName, unknown>> = {};
  for (const [name, { flag, kind }] of settingList) {
    const value = flag !== undefined && flags.given.has(flag) ? flags.values[flag] : undefined;
    if (value === undefined) continue;
    // Each of several texts on its own, so that each that is wrong is told.
    for (const part of Array.isArray(value) ? value.map((text: string) => [text]) : [value]) {
      try {
        const said = kind.fromFlag(part);
        layer[name] = Object.hasOwn(layer, name) ? kind.merge(layer[name], said) : said;
      } catch (error) {
        const example = kind === settings.tags.kind ? 'role=web' : kind.example.replaceAll('"', '');
        findings.error(
          { source: commandLine, key: `-${flag}` },
          errorText(error),
          `Write it like this: -${flag}=${example}.`,
        );
      }
    }
  }
  return layer as ConfigLayer;
}

function placeOf(sources: readonly Source[], name: SettingName, item: unknown): Place {
  const { key, flag } = settings[name] as { key: string; flag?: string };
  const source = sources.findLast(({ layer }) => {
    const value = layer[name];
    return item !== undefined && Array.isArray(value) ? value.includes(item) : value !== undefined;
  });
  if (source === undefined) return { source: 'default', key };
  return { source: source.name, key: source.name === commandLine ? `-${flag}` : key };
}

// `line 3, column 12`; columns count bytes.
function position(bytes: Uint8Array, offset: number): string {
  const before = bytes.subarray(0, offset);
  const line = before.filter((byte) => byte === newline).length + 1;
  return `line ${line}, column ${offset - before.lastIndexOf(newline)}`;
}

const commandLine = 'command line';
const newline = 10;
const replacedKeys: ReadonlyMap<string, string> = new Map([
  [
    'leave_on_interrupt',
    'Serf replaced it by "skip_leave_on_interrupt", which means the opposite and is off by default.',
  ],
]);
