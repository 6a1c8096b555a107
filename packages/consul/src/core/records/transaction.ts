// Several changes that happen together or not at all. Upstream: agent/structs/txn.go.

import type { HealthCheck } from './health-check.ts';
import type { KeyValue } from './key-value.ts';
import type { Node } from './node.ts';
import type { NodeService } from './service.ts';
import type { Session } from './session.ts';
import type { WriteRequest } from './write-requests.ts';

/** One step: exactly one field is set, or the step is refused. Verbs are as the client sent them. */
export interface TransactionStep {
  readonly keyValue: { readonly verb: string; readonly entry: KeyValue } | null;
  /** Belongs to the service mesh. */
  readonly intention: Uint8Array | null;
  readonly node: { readonly verb: string; readonly node: Node } | null;
  readonly service: { readonly verb: string; readonly node: string; readonly service: NodeService } | null;
  readonly check: { readonly verb: string; readonly check: HealthCheck } | null;
  /** Only servers write it. */
  readonly session: { readonly verb: string; readonly session: Session } | null;
}

/** All steps of a transaction, in order. */
export interface TransactionRequest extends WriteRequest {
  readonly steps: readonly TransactionStep[];
}

/** What one step found or left: exactly one field is set. Deletions and checks that hold have no result. */
export interface TransactionResult {
  readonly keyValue: KeyValue | null;
  readonly node: Node | null;
  readonly service: NodeService | null;
  readonly check: HealthCheck | null;
}

/** Why a step failed. */
export interface TransactionError {
  /** Which step, from 0. */
  readonly step: number;
  readonly what: string;
}

/** Results, or errors and nothing was changed. */
export interface TransactionResponse {
  readonly results: readonly TransactionResult[] | null;
  readonly errors: readonly TransactionError[] | null;
}
