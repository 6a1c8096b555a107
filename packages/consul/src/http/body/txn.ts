// Transactions as clients send them. Upstream: api/txn.go, agent/txn_endpoint.go (convertOps).
// What belongs to the service mesh is taken and dropped: we do not have one.

import type { HealthCheck, KeyValue, Node, NodeService, TransactionStep } from '../../core/index.ts';
import {
  bytes,
  exactUint64,
  ignored,
  int,
  type Kind,
  list,
  map,
  nilable,
  struct,
  text,
  truth,
  uint64,
} from '../../json/decode.ts';
import { definition, node, serviceAddress, texts, weights } from './records.ts';

/** One step as it is sent: the first field that is there counts. */
export interface StepBody {
  readonly keyValue: KeyStep | null;
  readonly node: { readonly verb: string; readonly node: Node } | null;
  readonly service: { readonly verb: string; readonly node: string; readonly service: NodeService } | null;
  readonly check: { readonly verb: string; readonly check: HealthCheck } | null;
}

interface KeyStep extends Pick<KeyValue, 'key' | 'value' | 'flags' | 'session'> {
  readonly verb: string;
  readonly index: number;
  readonly namespace: null;
}

const keyStep = struct<KeyStep>('api.KVTxnOp', {
  verb: ['Verb', text],
  key: ['Key', text],
  value: ['Value', bytes],
  flags: ['Flags', exactUint64],
  index: ['Index', uint64],
  session: ['Session', text],
  namespace: ['Namespace', ignored],
});

const service = struct<NodeService & { readonly contentHash: null; readonly namespace: null }>(
  'api.AgentService',
  {
    kind: ['Kind', ignoredText()],
    id: ['ID', text],
    service: ['Service', text],
    tags: ['Tags', list(text, 'string')],
    meta: ['Meta', texts],
    port: ['Port', int],
    address: ['Address', text],
    taggedAddresses: ['TaggedAddresses', ignoredAddresses()],
    weights: ['Weights', nilable(weights)],
    enableTagOverride: ['EnableTagOverride', truth],
    createIndex: ['CreateIndex', uint64],
    modifyIndex: ['ModifyIndex', uint64],
    contentHash: ['ContentHash', ignored],
    proxy: ['Proxy', ignored],
    connect: ['Connect', ignored],
    namespace: ['Namespace', ignored],
  },
);

const check = struct<HealthCheck & { readonly namespace: null }>('api.HealthCheck', {
  node: ['Node', text],
  checkId: ['CheckID', text],
  name: ['Name', text],
  status: ['Status', text],
  notes: ['Notes', text],
  output: ['Output', text],
  serviceId: ['ServiceID', text],
  serviceName: ['ServiceName', text],
  serviceTags: ['ServiceTags', list(text, 'string')],
  type: ['Type', ignoredText()],
  namespace: ['Namespace', ignored],
  definition: ['Definition', definition],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});

const step = struct<StepBody>('api.TxnOp', {
  keyValue: ['KV', nilable(keyStep)],
  node: ['Node', nilable(struct('api.NodeTxnOp', { verb: ['Verb', text], node: ['Node', node] }))],
  service: [
    'Service',
    nilable(
      struct('api.ServiceTxnOp', {
        verb: ['Verb', text],
        node: ['Node', text],
        service: ['Service', service],
      }),
    ),
  ],
  check: ['Check', nilable(struct('api.CheckTxnOp', { verb: ['Verb', text], check: ['Check', check] }))],
});

/** All steps in order. */
export const stepsBody: Kind<readonly StepBody[] | null> = list(step, '*api.TxnOp', 'api.TxnOps');

/** A step as servers want it; undefined for one that says nothing, which upstream leaves out. */
export function transactionStep(body: StepBody, datacenter: string): TransactionStep | undefined {
  const { keyValue, node: ofNode } = body;
  if (keyValue !== null) {
    const { verb, index, namespace: _, ...given } = keyValue;
    const entry = { ...given, lockIndex: 0, createIndex: 0, modifyIndex: index };
    return { ...nothing, keyValue: { verb, entry } };
  }
  if (ofNode !== null) {
    const record = { ...ofNode.node, datacenter: ofNode.node.datacenter || datacenter };
    return { ...nothing, node: { verb: ofNode.verb, node: record } };
  }
  if (body.service !== null) {
    const { contentHash: _, namespace: __, ...record } = body.service.service as typeof service.zero;
    return { ...nothing, service: { ...body.service, service: record } };
  }
  if (body.check === null) return undefined;
  const { namespace: _, ...record } = body.check.check as typeof check.zero;
  return { ...nothing, check: { ...body.check, check: record } };
}

/** Of these clients may send anything, and nothing becomes of it. */
function ignoredText(): Kind<string> {
  return { zero: '', read: (value, at) => text.read(value, at) && '' };
}

function ignoredAddresses(): Kind<NodeService['taggedAddresses']> {
  const addresses = map(serviceAddress, 'api.ServiceAddress');
  return { zero: null, read: (value, at) => addresses.read(value, at) && null };
}

const nothing: TransactionStep = {
  keyValue: null,
  intention: null,
  node: null,
  service: null,
  check: null,
  session: null,
};
