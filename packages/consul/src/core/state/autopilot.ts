// The configuration of autopilot. Upstream: agent/consul/state/autopilot.go.

import type { AutopilotConfig } from '../records/index.ts';
import type { Transaction } from './transaction.ts';

/** Sets the configuration. */
export function setAutopilot(transaction: Transaction, config: AutopilotConfig): void {
  const existing = transaction.tables.autopilot.get('');
  const createIndex = existing?.createIndex ?? transaction.index;
  transaction.put('autopilot', { ...config, createIndex, modifyIndex: transaction.index });
}

/** Sets the configuration if the old one has the new one's index. False: it has another, or there is none. */
export function setAutopilotIf(transaction: Transaction, config: AutopilotConfig): boolean {
  if (transaction.tables.autopilot.get('')?.modifyIndex !== config.modifyIndex) return false;
  setAutopilot(transaction, config);
  return true;
}
