// Transactions. Upstream: agent/consul/txn_endpoint.go, agent/structs/txn.go.

import { field, struct } from '@reeve/bytes';
import {
  type TransactionRequest,
  type TransactionResponse,
  transactionRequestCodec,
  transactionResponseFields,
  transactionStepsCodec,
} from '../../core/index.ts';
import { method } from './method.ts';
import { type QueryMeta, type QueryOptions, queryMetaFields, queryOptionsFields } from './query.ts';

/** Steps that only read. */
export interface TransactionRead extends QueryOptions, Pick<TransactionRequest, 'steps'> {}

/** What they read. */
export interface TransactionReadResponse extends TransactionResponse, QueryMeta {}

const transactionRead = struct<TransactionRead>({
  steps: field('Ops', transactionStepsCodec),
  ...queryOptionsFields,
});

const transactionReadResponse = struct<TransactionReadResponse>({
  ...transactionResponseFields,
  ...queryMetaFields,
});

/** The methods of `Txn`. */
export const txn = {
  apply: method('Txn.Apply', transactionRequestCodec, struct<TransactionResponse>(transactionResponseFields)),
  read: method('Txn.Read', transactionRead, transactionReadResponse),
};
