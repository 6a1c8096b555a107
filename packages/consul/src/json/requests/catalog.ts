// What clients register in the catalog and remove from it. Upstream: agent/structs/structs.go.

import type { DeregisterRequest, RegisterRequest } from '../../core/index.ts';
import { list, namelessStruct, nilable, struct, text, textOf, truth, uint64 } from '../decode.ts';
import { texts } from '../fields.ts';
import { checkId, healthCheck, type RegisteredService, registeredService } from './records.ts';

/** A registration before its service has been looked at. */
export type RegisterBody = Omit<RegisterRequest, 'service'> & { readonly service: RegisteredService | null };

/** Upstream: RegisterRequest. */
export const registerBody = struct<RegisterBody>('RegisterRequest', {
  datacenter: ['Datacenter', text],
  id: ['ID', textOf('types.NodeID')],
  node: ['Node', text],
  address: ['Address', text],
  taggedAddresses: ['TaggedAddresses', texts],
  nodeMeta: ['NodeMeta', texts],
  service: ['Service', nilable(registeredService)],
  check: ['Check', nilable(healthCheck)],
  checks: ['Checks', list(healthCheck, '*structs.HealthCheck', 'structs.HealthChecks')],
  skipNodeUpdate: ['SkipNodeUpdate', truth],
  token: ['Token', text],
  createIndex: ['CreateIndex', uint64],
  modifyIndex: ['ModifyIndex', uint64],
});

/** Upstream: DeregisterRequest, with the `Address` that older clients send. */
export const deregisterBody = struct<DeregisterRequest>(
  namelessStruct('structs.Alias', [['Address', 'string']]),
  {
    datacenter: ['Datacenter', text],
    node: ['Node', text],
    serviceId: ['ServiceID', text],
    checkId: ['CheckID', checkId],
    token: ['Token', text],
  },
  ['Address'],
);
