// Transactions as clients send them. Upstream: api/txn.go, agent/txn_endpoint.go (convertOps).
// What belongs to the service mesh has to be what it should, and is dropped: we do not have one.

import {
  type KeyValue,
  type Node,
  type NodeService,
  noDefinition,
  type TransactionStep,
} from '../../core/index.ts';
import { type ApiCheck, apiCheckDefinition } from '../api-check.ts';
import {
  bytes,
  dropped,
  exactUint64,
  type Kind,
  list,
  nilable,
  onItsOwn,
  struct,
  text,
  textOf,
  uint64,
} from '../decode.ts';
import { apiNode, checkFields, serviceFields, taggedAddressesOf, weightsOf } from '../fields.ts';
import { apiConnect, apiProxy } from './mesh.ts';

/** One step as it is sent: the first field that is there counts. */
export interface StepBody {
  readonly keyValue: KeyStep | null;
  readonly node: { readonly verb: string; readonly node: Node } | null;
  readonly service: { readonly verb: string; readonly node: string; readonly service: NodeService } | null;
  readonly check: { readonly verb: string; readonly check: ApiCheck } | null;
}

interface KeyStep extends Pick<KeyValue, 'key' | 'value' | 'flags' | 'session'> {
  readonly verb: string;
  readonly index: number;
}

const keyStep = struct<KeyStep>(
  'api.KVTxnOp',
  {
    verb: ['Verb', textOf('api.KVOp')],
    key: ['Key', text],
    value: ['Value', bytes],
    flags: ['Flags', exactUint64],
    index: ['Index', uint64],
    session: ['Session', text],
  },
  ['Namespace'],
);

const service = struct<NodeService>(
  'api.AgentService',
  {
    ...serviceFields,
    kind: ['Kind', dropped(textOf('api.ServiceKind'))],
    taggedAddresses: ['TaggedAddresses', dropped(taggedAddressesOf('api.ServiceAddress'))],
    weights: ['Weights', nilable(weightsOf('api.AgentWeights'))],
    proxy: ['Proxy', apiProxy],
    connect: ['Connect', apiConnect],
  },
  ['ContentHash', 'Namespace'],
);

const check = struct<ApiCheck>(
  'api.HealthCheck',
  {
    ...checkFields,
    checkId: ['CheckID', text],
    type: ['Type', dropped(text)],
    definition: ['Definition', onItsOwn(apiCheckDefinition, false)],
  },
  ['Namespace'],
);

const step = struct<StepBody>('api.TxnOp', {
  keyValue: ['KV', nilable(keyStep)],
  node: [
    'Node',
    nilable(struct('api.NodeTxnOp', { verb: ['Verb', textOf('api.NodeOp')], node: ['Node', apiNode] })),
  ],
  service: [
    'Service',
    nilable(
      struct('api.ServiceTxnOp', {
        verb: ['Verb', textOf('api.ServiceOp')],
        node: ['Node', text],
        service: ['Service', service],
      }),
    ),
  ],
  check: [
    'Check',
    nilable(struct('api.CheckTxnOp', { verb: ['Verb', textOf('api.CheckOp')], check: ['Check', check] })),
  ],
});

/** All steps in order. */
export const stepsBody: Kind<readonly StepBody[] | null> = list(step, '*api.TxnOp', 'api.TxnOps');

/** A step as servers want it; undefined for one that says nothing, which upstream leaves out. */
export function transactionStep(body: StepBody, datacenter: string): TransactionStep | undefined {
  const { keyValue, node: ofNode, service: ofService, check: ofCheck } = body;
  if (keyValue !== null) {
    const { verb, index, ...given } = keyValue;
    const entry = { ...given, lockIndex: 0, createIndex: 0, modifyIndex: index };
    return { ...nothing, keyValue: { verb, entry } };
  }
  if (ofNode !== null) {
    const record = { ...ofNode.node, datacenter: ofNode.node.datacenter || datacenter };
    return { ...nothing, node: { verb: ofNode.verb, node: record } };
  }
  if (ofService !== null) return { ...nothing, service: ofService };
  if (ofCheck === null) return undefined;
  const definition = { ...noDefinition, ...ofCheck.check.definition };
  return { ...nothing, check: { verb: ofCheck.verb, check: { ...ofCheck.check, definition } } };
}

const nothing: TransactionStep = {
  keyValue: null,
  intention: null,
  node: null,
  service: null,
  check: null,
  session: null,
};
