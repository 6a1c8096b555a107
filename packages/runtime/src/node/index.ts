// The runtime contract on Node.js. Next: runtime.ts.

export { bindFailure, dialFailure } from '../failures.ts';
export type { HostAddress, InterfaceAddress } from './addresses.ts';
export {
  byUsefulness,
  canonicalAddress,
  hostAddresses,
  hostName,
  interfaceAddresses,
  passLiteral,
  privateAddress,
} from './addresses.ts';
export { createDisk } from './disk.ts';
export { createRandom } from './random.ts';
export type { Dialer, NodeRuntimeOptions } from './runtime.ts';
export { createDialer, createNetwork, createNodeRuntime } from './runtime.ts';
export { listenAtPath } from './streams.ts';
export { errorCode } from './system-error.ts';
export { createTimers, systemClock } from './timers.ts';
