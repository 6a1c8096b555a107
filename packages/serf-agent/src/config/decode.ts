// One configuration file: from JSON to the settings it mentions.
//
// Everything that is wrong with keys and types is told at once, in the original's words; only then are
// texts like durations read, and the first that cannot be is told. Upstream:
// cmd/serf/command/agent/config.go (DecodeConfig). Next: files.ts, which finds the files.

import { findKey, goKind, isObject, type JsonValue, parseFirstJson } from '@reeve/cli';
import { FieldsError } from './kinds.ts';
import { type ConfigLayer, type SettingName, settingList, settings } from './schema.ts';

/** A file taken apart: what it says, and what is wrong with it. */
export interface ExaminedConfig {
  /** The settings that can be used. */
  readonly layer: ConfigLayer;
  /** In the order of the table; unknown keys last in their section. */
  readonly flaws: readonly ConfigFlaw[];
}

/** One thing that is wrong with a file. `key` is as in the table: `log_level`, `mdns.interface`. */
export type ConfigFlaw =
  | { readonly kind: 'unknown keys'; readonly section: string; readonly keys: readonly string[] }
  | { readonly kind: 'wrong type'; readonly key: string; readonly problem: string }
  | { readonly kind: 'unreadable'; readonly key: string; readonly error: Error };

/**
 * Reads the text of a file. What follows the first JSON value is ignored.
 * @throws Error with the original's text.
 */
export function decodeConfig(bytes: Uint8Array): ConfigLayer {
  const { layer, flaws } = examineConfig(bytes);
  const points = flaws.flatMap((flaw) => (flaw.kind === 'unreadable' ? [] : [`* ${flawText(flaw)}`]));
  if (points.length > 0)
    throw new Error(`${points.length} error(s) decoding:\n\n${points.sort().join('\n')}`);
  for (const flaw of flaws) if (flaw.kind === 'unreadable') throw flaw.error;
  return layer;
}

/**
 * Reads the text of a file as far as it can be read.
 * @throws JsonError when it is no JSON, Error when it is no object.
 */
export function examineConfig(bytes: Uint8Array): ExaminedConfig {
  const value = parseFirstJson(bytes);
  if (value !== null && !isObject(value)) throw new Error(noMapText('', value));
  const examination = new Examination();
  examination.section('', value);
  return examination;
}

class Examination implements ExaminedConfig {
  readonly flaws: ConfigFlaw[] = [];
  readonly #layer: Partial<Record<SettingName, unknown>> = {};

  get layer(): ConfigLayer {
    return this.#layer as ConfigLayer;
  }

  /** Takes the settings of one JSON object: the file itself, or an object in it. */
  section(section: string, value: JsonValue): void {
    if (value === null) return;
    if (!isObject(value)) {
      this.flaws.push({ kind: 'wrong type', key: section, problem: noMapText(section, value) });
      return;
    }
    const rest = new Set(Object.keys(value));
    for (const [key, taker] of sections.get(section) ?? []) {
      const written = findKey(value, key);
      if (written === undefined) continue;
      rest.delete(written);
      this.#take(section === '' ? key : `${section}.${key}`, taker, value[written] ?? null);
    }
    if (rest.size > 0) this.flaws.push({ kind: 'unknown keys', section, keys: [...rest].sort() });
  }

  #take(key: string, taker: SettingName | 'section', value: JsonValue): void {
    if (taker === 'section') return this.section(key, value);
    if (value === null) return;
    try {
      this.#layer[taker] = settings[taker].kind.decode(value, key);
    } catch (error) {
      if (error instanceof FieldsError)
        this.flaws.push(...error.problems.map((problem) => ({ kind: 'wrong type', key, problem }) as const));
      else if (error instanceof Error) this.flaws.push({ kind: 'unreadable', key, error });
      else throw error;
    }
  }
}

function flawText(flaw: Exclude<ConfigFlaw, { kind: 'unreadable' }>): string {
  return flaw.kind === 'wrong type'
    ? flaw.problem
    : `'${flaw.section}' has invalid keys: ${flaw.keys.join(', ')}`;
}

function noMapText(section: string, value: JsonValue): string {
  return `'${section}' expected a map, got '${goKind(value)}'`;
}

// What each object may hold: settings by key, and further objects.
const sections = new Map<string, Map<string, SettingName | 'section'>>([['', new Map()]]);
for (const [name, { key }] of settingList) {
  const [section = '', inner] = key.split('.');
  if (inner === undefined) {
    sections.get('')?.set(key, name);
    continue;
  }
  sections.get('')?.set(section, 'section');
  sections.set(section, (sections.get(section) ?? new Map()).set(inner, name));
}
