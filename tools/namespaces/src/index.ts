// @reeve/namespaces – machines of their own for tests and examples, and addresses of their own.

export { loopbackAddress } from './loopback-address.ts';
export { multicastAddresses, NamespaceNetwork, namespacesMissing } from './namespace-network.ts';
