// The identities of tokens and roles must say whose they are. Upstream: agent/consul/state/acl.go.

import type { AclRole } from '../records/index.ts';
import { StateError } from './state-error.ts';

/** @throws StateError for one that does not. */
export function requireIdentities(
  owner: 'Token' | 'Role',
  { serviceIdentities, nodeIdentities }: Pick<AclRole, 'serviceIdentities' | 'nodeIdentities'>,
): void {
  const refuse = (what: string): never => {
    throw new StateError(`Encountered a ${owner} with an empty ${what} in the state store`);
  };
  for (const { serviceName } of serviceIdentities ?? []) {
    if (serviceName === '') refuse('service identity name');
  }
  for (const { nodeName, datacenter } of nodeIdentities ?? []) {
    if (nodeName === '') refuse('node identity name');
    if (datacenter === '') refuse('node identity datacenter');
  }
}
