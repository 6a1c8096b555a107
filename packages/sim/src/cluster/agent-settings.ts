// What an agent has besides the settings of its node: files, scripts, and whom it joins until somebody
// answers. Next: node.ts.

import type { EventScript } from '@reeve/serf/agent';

/** The settings of one agent. */
export interface AgentSettings {
  /** Where its tags are kept; empty: nowhere. */
  readonly tagsFile: string;
  /** Where its keys are; empty: nowhere. The node's settings name it, too. */
  readonly keyringFile: string;
  /** What lies on its disk before the first start, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The scripts that are run for events; see scripts.ts. */
  readonly scripts: readonly EventScript[];
  /** Absent: it joins only when it is told to. */
  readonly retryJoin?: RetryJoinSettings | undefined;
}

/** Whom an agent joins after each start, again and again. */
export interface RetryJoinSettings {
  readonly addresses: readonly string[];
  readonly intervalMs: number;
  /** How often a failed attempt is repeated; 0: for ever. */
  readonly repetitionsMax: number;
}

/** An agent's settings by its name. */
export type AgentProfile = (name: string) => AgentSettings;

/** An agent that adds nothing to its node. */
export const plainAgent: AgentSettings = { tagsFile: '', keyringFile: '', files: new Map(), scripts: [] };
