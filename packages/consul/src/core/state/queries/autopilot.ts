// The configuration of autopilot. Upstream: agent/consul/state/autopilot.go.

import type { AutopilotConfig } from '../../records/index.ts';
import type { Tables } from '../tables.ts';
import { topics } from '../topics.ts';
import type { Watch } from '../watch.ts';
import type { Indexed } from './indexed.ts';

/** The configuration; null before the first leader has written one. */
export function readAutopilot(tables: Tables, watch: Watch | null): Indexed<AutopilotConfig | null> {
  watch?.add(topics.autopilot);
  const config = tables.autopilot.get('') ?? null;
  return { index: config?.modifyIndex ?? 0, value: config };
}
