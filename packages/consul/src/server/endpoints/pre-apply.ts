// What is looked at, and made whole, before anything is written. Upstream: agent/consul/catalog_endpoint.go
// (nodePreApply, servicePreApply, checkPreApply), kvs_endpoint.go (kvsPreApply).

import { type HealthCheck, type NodeService, uuidProblem } from '../../core/index.ts';
import { isAnyAddress } from '../../definitions/service-definition.ts';

/** Refuses a change of a key without a name; all keys there are may be deleted (upstream: kvsPreApply). */
export function refuseKey(operation: string, key: string): void {
  if (key === '' && operation !== 'delete-tree') throw new Error('Must provide key');
}

/** Refuses a node that cannot be written, in upstream's words (nodePreApply). */
export function refuseNode(name: string, id: string): void {
  if (name === '') throw new Error('Must provide node');
  const problem = id === '' ? undefined : uuidProblem(id);
  if (problem !== undefined) throw new Error(`Bad node ID: ${problem}`);
}

/** A service with an id; refuses one that cannot be written (upstream: servicePreApply). */
export function completeService(service: NodeService): NodeService {
  const id = service.id || service.service;
  if (id !== '' && service.service === '') throw new Error('Must provide service name with ID');
  if (isAnyAddress(service.address)) throw new Error('Invalid service address');
  return { ...service, id };
}

/** A check with an id (upstream: checkPreApply). */
export function completeCheck(check: HealthCheck): HealthCheck {
  return { ...check, checkId: check.checkId || check.name };
}
