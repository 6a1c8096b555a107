// One configuration file: from JSON to the settings it mentions.
//
// Everything that is wrong with keys and types is told at once, in the original's words; only then are
// texts like durations read, and the first that cannot be is told. Upstream:
// cmd/serf/command/agent/config.go (DecodeConfig). Next: files.ts, which finds the files.

import { type JsonValue, parseFirstJson } from './go-json.ts';
import { findKey, goKind, isObject } from './go-values.ts';
import { FieldsError } from './kinds.ts';
import { type ConfigLayer, type SettingName, settingList, settings } from './schema.ts';

/**
 * Reads the text of a file. What follows the first JSON value is ignored.
 * @throws Error with the original's text.
 */
export function decodeConfig(bytes: Uint8Array): ConfigLayer {
  const decoder = new Decoder();
  decoder.section('', parseFirstJson(bytes));
  return decoder.finish();
}

class Decoder {
  readonly #layer: Partial<Record<SettingName, unknown>> = {};
  readonly #problems: string[] = [];
  readonly #unreadable = new Map<SettingName, unknown>();

  /** Takes the settings of one JSON object: the file itself, or an object in it. */
  section(section: string, value: JsonValue): void {
    if (value === null) return;
    if (!isObject(value)) {
      const problem = `'${section}' expected a map, got '${goKind(value)}'`;
      if (section === '') throw new Error(problem);
      this.#problems.push(problem);
      return;
    }
    const known = sections.get(section) ?? new Map();
    const rest = new Set(Object.keys(value));
    for (const [key, taker] of known) {
      const written = findKey(value, key);
      if (written === undefined) continue;
      rest.delete(written);
      this.#take(section, key, taker, value[written] ?? null);
    }
    if (rest.size > 0) this.#problems.push(`'${section}' has invalid keys: ${[...rest].sort().join(', ')}`);
  }

  finish(): ConfigLayer {
    if (this.#problems.length > 0) {
      const points = this.#problems.sort().map((problem) => `* ${problem}`);
      throw new Error(`${points.length} error(s) decoding:\n\n${points.join('\n')}`);
    }
    for (const [name] of settingList) if (this.#unreadable.has(name)) throw this.#unreadable.get(name);
    return this.#layer as ConfigLayer;
  }

  #take(section: string, key: string, taker: SettingName | 'section', value: JsonValue): void {
    if (taker === 'section') return this.section(key, value);
    if (value === null) return;
    try {
      this.#layer[taker] = settings[taker].kind.decode(value, section === '' ? key : `${section}.${key}`);
    } catch (error) {
      if (error instanceof FieldsError) this.#problems.push(...error.problems);
      else this.#unreadable.set(taker, error);
    }
  }
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
