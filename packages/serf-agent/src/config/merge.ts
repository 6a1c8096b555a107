// Later sources win, each setting by the rule of its kind. Upstream: cmd/serf/command/agent/config.go
// (MergeConfig).

import { type AgentConfig, type ConfigLayer, type SettingName, settingList } from './schema.ts';

/** The configuration when no source says anything. */
export function initialConfig(): AgentConfig {
  return Object.fromEntries(settingList.map(([name, { initial }]) => [name, initial])) as AgentConfig;
}

/** What holds when `layer` comes after everything that made `config`. */
export function mergeConfig(config: AgentConfig, layer: ConfigLayer): AgentConfig {
  const merged: Partial<Record<SettingName, unknown>> = { ...config };
  for (const [name, { kind }] of settingList) {
    if (layer[name] !== undefined) merged[name] = kind.merge(config[name], layer[name]);
  }
  return merged as AgentConfig;
}
