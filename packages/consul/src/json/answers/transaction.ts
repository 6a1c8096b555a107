// Answers to transactions as JSON. Upstream: agent/structs/txn.go.

import { compactJson } from '@reeve/cli';
import type { TransactionResponse, TransactionResult } from '../../core/index.ts';
import type { QueryMeta } from '../../rpc/methods/index.ts';
import { keyValueJson } from './key-value.ts';
import { jsonList } from './list.ts';
import { bareHealthCheckJson, bareServiceJson, nodeJson } from './records.ts';

/** What one step left. */
export function transactionResultJson({ keyValue, node, service, check }: TransactionResult): string {
  if (keyValue !== null) return `{"KV":${keyValueJson(keyValue)}}`;
  if (node !== null) return `{"Node":${nodeJson(node)}}`;
  if (service !== null) return `{"Service":${bareServiceJson(service)}}`;
  return check === null ? '{}' : `{"Check":${bareHealthCheckJson(check)}}`;
}

/** Why steps failed. */
export function transactionErrorsJson(errors: NonNullable<TransactionResponse['errors']>): string {
  return jsonList(errors, ({ step, what }) => compactJson({ OpIndex: step, What: what }));
}

/** What an answer to steps that only read is worth: upstream shows it in the body, too. */
export function transactionWorthJson({
  index,
  lastContactNs,
  knownLeader,
  consistencyLevel,
}: QueryMeta): string {
  return (
    `"Index":${index},"LastContact":${lastContactNs},"KnownLeader":${knownLeader},` +
    `"ConsistencyLevel":${compactJson(consistencyLevel)}`
  );
}
