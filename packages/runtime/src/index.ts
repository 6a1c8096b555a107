// Everything a protocol core may ask of the world, and nothing else.
//
// A core (memberlist, serf, raft) is an ordinary object that receives packets and timer firings and asks this
// runtime to send, to wake it later, to give it a random number. `node/` implements the contract on sockets
// and files, `virtual/` on virtual time; `conformance/` is the suite both pass.
//
// Rules every implementation keeps, so that cores may rely on them:
// - it never calls back into the core from inside a call the core made;
// - failures arrive through handlers, never as throws;
// - after `close`/`cancel`/`destroy` nothing of that object fires any more.

export type { Clock, Timer, Timers } from './clock.ts';
export type { AppendFile, Disk, RandomAccessFile } from './disk.ts';
export { DiskError } from './disk.ts';
export { openError, systemErrorText } from './errno.ts';
export { AddressError, type HostPort, isPortMissing, splitHostPort } from './host-port.ts';
export type { Log, LogLevel } from './log.ts';
export { logLevels, silentLog } from './log.ts';
export type { Metrics } from './metrics.ts';
export { noMetrics } from './metrics.ts';
export type {
  Endpoint,
  Listener,
  Network,
  NetworkStream,
  PacketSocket,
  Result,
  Stream,
  StreamHandler,
} from './network.ts';
export { endpointText, NetworkError } from './network.ts';
export type { Random } from './random.ts';
export type { Runtime } from './runtime.ts';
export { isPrivateAddress, isSpecialAddress } from './special-address.ts';
