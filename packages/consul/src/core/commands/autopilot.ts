// Command 9: the configuration of autopilot.

import type { AutopilotRequest } from '../records/index.ts';
import { setAutopilot, setAutopilotIf } from '../state/autopilot.ts';
import type { Transaction } from '../state/transaction.ts';
import type { CommandAnswer } from './command-outcome.ts';

/** Whether it was set, if the request compares; else nothing. */
export function applyAutopilot(transaction: Transaction, { config, cas }: AutopilotRequest): CommandAnswer {
  if (cas) return setAutopilotIf(transaction, config);
  setAutopilot(transaction, config);
  return null;
}
