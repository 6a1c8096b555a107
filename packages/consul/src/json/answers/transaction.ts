// Answers to transactions as JSON. Upstream: agent/structs/txn.go.

import { compactJson } from '@reeve/cli';
import type { TransactionResponse, TransactionResult } from '../../core/index.ts';
import type { QueryMeta } from '../../rpc/methods/index.ts';
import { keyValueJson } from './key-value.ts';
import { jsonList } from './list.ts';
import { bareHealthCheckJson, bareServiceJson, nodeJson } from './records.ts';

/** What steps left, or why they failed. */
export function transactionJson(response: TransactionResponse): string {
  return `{${outcomeFields(response)}}`;
}

/** What steps that only read found; upstream shows what the answer is worth in the body, too. */
export function transactionReadJson(response: TransactionResponse & QueryMeta): string {
  const { index, lastContactNs, knownLeader, consistencyLevel } = response;
  const worth =
    `"Index":${index},"LastContact":${lastContactNs},"KnownLeader":${knownLeader},` +
    `"ConsistencyLevel":${compactJson(consistencyLevel)}`;
  return `{${outcomeFields(response)},${worth}}`;
}

function outcomeFields({ results, errors }: TransactionResponse): string {
  const hasFailed = errors !== null && errors.length > 0;
  const failures = hasFailed
    ? jsonList(errors, ({ step, what }) => compactJson({ OpIndex: step, What: what }))
    : 'null';
  return `"Results":${hasFailed ? 'null' : jsonList(results, resultJson)},"Errors":${failures}`;
}

function resultJson({ keyValue, node, service, check }: TransactionResult): string {
  if (keyValue !== null) return `{"KV":${keyValueJson(keyValue)}}`;
  if (node !== null) return `{"Node":${nodeJson(node)}}`;
  if (service !== null) return `{"Service":${bareServiceJson(service)}}`;
  return check === null ? '{}' : `{"Check":${bareHealthCheckJson(check)}}`;
}
