// One entry of `event_handlers`: a text as in the original, or an object that adds settings to such a text.
// A text whose command begins with `npm:` or `module:` names a module instead of a script. No shell command
// can begin so by accident, because that would take a program file with a colon in its name; whoever has one
// writes `./npm:x` or `exec npm:x`.
//
// Plain scripts share one queue, as in the original. Modules, and scripts with settings, get one each
// (handler-lane.ts). Next: event-script.ts of @reeve/serf for the text, event-handlers.ts for what becomes of
// all this.

import { resolve } from 'node:path';
import type { JsonObject } from '@reeve/cli';
import { type EventFilter, type EventScript, parseEventScripts } from '@reeve/serf/agent';
import { errorText } from '../error-text.ts';
import { refusal } from './refusal.ts';

/** An entry as configured. */
export type HandlerEntry = string | HandlerObject;

/** A handler with settings of its own. */
export interface HandlerObject extends Partial<HandlerSettings> {
  /** `[FILTER=]SCRIPT`, `[FILTER=]npm:PACKAGE` or `[FILTER=]module:FILE`. */
  readonly handler: string;
  /** For the module's `setup`. */
  readonly options?: JsonObject;
  /** Where modules are looked for; the working directory if absent. */
  readonly directory?: string;
}

/** How a handler is run. */
export interface HandlerSettings {
  /** The most one attempt may take; 0: for ever. By default 0 for scripts and a minute for modules. */
  readonly timeoutMs: number;
  /** How many events it may be given at once, 1 to 64; 1 keeps their order. */
  readonly concurrency: number;
  /** How many events may wait for it, 1 to 100,000. */
  readonly queueMax: number;
  /** Which event is given up when that many wait. */
  readonly whenFull: 'drop-newest' | 'drop-oldest';
  /** How often a failed attempt is repeated, 0 to 100. Queries are not: who asked has stopped waiting. */
  readonly retries: number;
  /** The time before the first repetition; it doubles with each, up to a minute. */
  readonly retryDelayMs: number;
  /** Act only while more than half of the known members are alive; see majority-gate.ts. */
  readonly onlyWithMajority: boolean;
  /** How long to wait after a failure before judging who has the majority. */
  readonly majoritySettleMs: number;
}

/** Which module is meant. */
export type ModuleReference =
  | { readonly kind: 'package'; readonly name: string; readonly directory: string }
  | { readonly kind: 'file'; readonly path: string };

/** A handler with a queue of its own, ready to be started. */
export interface HandlerSpecification {
  readonly filters: readonly EventFilter[];
  /** What stands behind the filter, as written. */
  readonly command: string;
  /** Absent when the command is a script. */
  readonly module: ModuleReference | undefined;
  readonly options: JsonObject;
  readonly settings: HandlerSettings;
}

/** All handlers of an agent. */
export interface HandlerPlan {
  /** Those that share the queue of the original. */
  readonly scripts: readonly EventScript[];
  /** Those with a queue of their own. */
  readonly own: readonly HandlerSpecification[];
}

/** Reads entries. @throws Error whose text is for the operator. */
export function planHandlers(entries: readonly HandlerEntry[]): HandlerPlan {
  const scripts: EventScript[] = [];
  const own: HandlerSpecification[] = [];
  for (const entry of entries) {
    const { text, ...rest } = typeof entry === 'string' ? { text: entry } : { ...entry, text: entry.handler };
    const parsed = parseText(text);
    if (typeof entry === 'string' && !namesModule(entry)) scripts.push(...parsed);
    else own.push(specify(parsed, { handler: text, ...rest }));
  }
  return { scripts, own };
}

/** Gives an entry of a file the folder its module is looked for in. Scripts know no such thing. */
export function placeEntry(entry: HandlerEntry, directory: string): HandlerEntry {
  if (typeof entry !== 'string') return { ...entry, directory };
  return namesModule(entry) ? { handler: entry, directory } : entry;
}

function namesModule(text: string): boolean {
  return /^([^=]*=)?(npm|module):/s.test(text);
}

function parseText(text: string): EventScript[] {
  try {
    return parseEventScripts(text);
  } catch (cause) {
    throw new Error(`Invalid event script: ${errorText(cause)}`, { cause });
  }
}

function specify(parsed: readonly EventScript[], entry: HandlerObject): HandlerSpecification {
  const { handler, options, directory, ...chosen } = entry;
  const command = parsed[0]?.command ?? handler;
  const module = parseModule(command, directory ?? process.cwd());
  if (options !== undefined && module === undefined) throw refusal(command, "'options' are for modules only");
  const settings = { ...(module === undefined ? scriptSettings : moduleSettings), ...chosen };
  checkSettings(command, settings);
  return { filters: parsed.map(({ filter }) => filter), command, module, options: options ?? {}, settings };
}

function parseModule(command: string, directory: string): ModuleReference | undefined {
  const [, scheme, name = ''] = /^(npm|module):(.*)$/s.exec(command) ?? [];
  if (scheme === undefined) return undefined;
  if (scheme === 'module') {
    if (name === '') throw refusal(command, "names no file; write 'module:./handler.mjs'");
    return { kind: 'file', path: resolve(directory, name) };
  }
  if (!packageName.test(name))
    throw refusal(command, "is not the name of a package; a file is written 'module:./handler.mjs'");
  return { kind: 'package', name, directory };
}

function checkSettings(command: string, settings: HandlerSettings): void {
  for (const [key, name, least, most] of ranges) {
    const value = settings[name];
    if (!(value >= least && value <= most))
      throw refusal(command, `'${key}' must be from ${least} to ${most}`);
  }
  for (const [key, name] of times) {
    const value = settings[name];
    if (!(value >= 0 && value <= timeMaxMs)) throw refusal(command, `'${key}' must be from 0s to 24h`);
  }
  if (settings.whenFull !== 'drop-newest' && settings.whenFull !== 'drop-oldest')
    throw refusal(command, "'when_full' must be 'drop-newest' or 'drop-oldest'");
}

const scriptSettings: HandlerSettings = {
  timeoutMs: 0,
  concurrency: 1,
  queueMax: 512,
  whenFull: 'drop-newest',
  retries: 0,
  retryDelayMs: 1_000,
  onlyWithMajority: false,
  majoritySettleMs: 10_000,
};
const moduleSettings: HandlerSettings = { ...scriptSettings, timeoutMs: 60_000 };

const ranges = [
  ['concurrency', 'concurrency', 1, 64],
  ['queue_max', 'queueMax', 1, 100_000],
  ['retries', 'retries', 0, 100],
] as const;
const times = [
  ['timeout', 'timeoutMs'],
  ['retry_delay', 'retryDelayMs'],
  ['majority_settle', 'majoritySettleMs'],
] as const;
const timeMaxMs = 24 * 3_600_000;
// `name`, `@scope/name`, either with a path behind it.
const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*(\/[\w.~-]+)*$/i;
