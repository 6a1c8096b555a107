// @reeve/namespaces – machines of their own for tests and examples. One file: namespace-network.ts.

export { multicastAddresses, NamespaceNetwork, namespacesMissing } from './namespace-network.ts';
