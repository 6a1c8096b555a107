// @reeve/namespaces – machines of their own for tests and examples, and addresses of their own.

export { LoopbackNetwork, loopbackAddress } from './loopback-network.ts';
export { multicastAddresses, NamespaceNetwork, namespacesMissing } from './namespace-network.ts';
