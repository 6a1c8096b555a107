// The runtime contract on virtual time: for the tests of cores, and for users who test their own services.
//
// No Node modules in here, so that it runs wherever a core does. Next: world.ts.

export type { DiskCall } from './files.ts';
export { VirtualFiles } from './files.ts';
export { VirtualHost } from './host.ts';
export type { FlightWatcher, LatencyModel, Machines, PacketShaper, PacketWatcher } from './network.ts';
export { VirtualNetwork } from './network.ts';
export { SeededRandom } from './seeded-random.ts';
export type { VirtualWorldOptions } from './world.ts';
export { VirtualWorld } from './world.ts';
