// What a running agent takes over from a new configuration, and what has to wait for a restart.
// Upstream applies what the table calls reloadable and says nothing about the rest. Next: schema.ts.

import { isDeepStrictEqual } from 'node:util';
import { type AgentConfig, type SettingName, settingList } from './schema.ts';

/** What becomes of a new configuration. */
export interface ReloadPlan {
  /** What holds from now on. */
  readonly config: AgentConfig;
  /** The keys of settings that changed. */
  readonly applied: readonly string[];
  /** The keys of settings whose change only a restart can apply. */
  readonly waiting: readonly string[];
}

/** Compares what holds with what is wanted. */
export function planReload(current: AgentConfig, wanted: AgentConfig): ReloadPlan {
  const config: Partial<Record<SettingName, unknown>> = { ...current };
  const applied: string[] = [];
  const waiting: string[] = [];
  for (const [name, { key, reloadable }] of settingList) {
    if (isDeepStrictEqual(current[name], wanted[name])) continue;
    (reloadable ? applied : waiting).push(key);
    if (reloadable) config[name] = wanted[name];
  }
  return { config: config as AgentConfig, applied, waiting };
}

/**
 * What becomes of a node's tags when the configuration's change: what it adds or changes is set, what it no
 * longer has is deleted, and the rest, set while running, stays.
 */
export function reloadedTags(
  current: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): Map<string, string> {
  const tags = new Map(current);
  for (const name of before.keys()) if (!wanted.has(name)) tags.delete(name);
  for (const [name, value] of wanted) if (before.get(name) !== value) tags.set(name, value);
  return tags;
}
