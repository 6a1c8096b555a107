// Transactions as msgpack, the question and the answer. Upstream: agent/structs/txn.go.

import {
  type Codec,
  field,
  int64,
  list,
  nilable,
  nilableList,
  type StructCodec,
  type StructFields,
  struct,
  text,
} from '@reeve/bytes';
import type {
  TransactionError,
  TransactionRequest,
  TransactionResponse,
  TransactionResult,
  TransactionStep,
} from '../records/index.ts';
import { healthCheckCodec } from './health-check.ts';
import { batchElementsMax } from './limits.ts';
import { rawValue } from './raw-value.ts';
import { keyValueCodec, nodeCodec, sessionCodec } from './records.ts';
import { serviceCodec } from './service.ts';
import { writeRequestFields } from './write-requests.ts';

const verb = field('Verb', text);

const step = struct<TransactionStep>({
  keyValue: field('KV', nilable(struct({ verb, entry: field('DirEnt', keyValueCodec) }))),
  intention: field('Intention', nilable(rawValue)),
  node: field('Node', nilable(struct({ verb, node: field('Node', nodeCodec) }))),
  service: field(
    'Service',
    nilable(struct({ verb, node: field('Node', text), service: field('Service', serviceCodec) })),
  ),
  check: field('Check', nilable(struct({ verb, check: field('Check', healthCheckCodec) }))),
  session: field('Session', nilable(struct({ verb, session: field('Session', sessionCodec) }))),
});

/** The steps alone, as `Txn.Read` has them, too. */
export const transactionStepsCodec: Codec<readonly TransactionStep[]> = list(step, batchElementsMax);

/** `Txn.Apply`. */
export const transactionRequestCodec: StructCodec<TransactionRequest> = struct<TransactionRequest>({
  steps: field('Ops', transactionStepsCodec),
  ...writeRequestFields,
});

const result = struct<TransactionResult>({
  keyValue: field('KV', nilable(keyValueCodec)),
  node: field('Node', nilable(nodeCodec)),
  service: field('Service', nilable(serviceCodec)),
  check: field('Check', nilable(healthCheckCodec)),
});

const error = struct<TransactionError>({ step: field('OpIndex', int64), what: field('What', text) });

/** Fields of the answers to `Txn.Apply` and `Txn.Read`. */
export const transactionResponseFields: StructFields<TransactionResponse> = {
  results: field('Results', nilableList(result, Number.POSITIVE_INFINITY)),
  errors: field('Errors', nilableList(error, batchElementsMax)),
};
