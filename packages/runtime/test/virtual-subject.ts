// The virtual world as a subject of the conformance suite.

import type { ConformanceSubject } from '@reeve/runtime/conformance';
import { VirtualWorld } from '@reeve/runtime/virtual';

/** A world with the given seed. */
export function virtualSubject(seed: number): ConformanceSubject {
  return {
    name: `virtual, seed ${seed}`,
    async create() {
      const world = new VirtualWorld({ seed });
      const host = world.host('10.0.0.1');
      world.network.names.set('db.example', ['10.0.0.9', 'fd00::9']);
      host.files.makeDirectory('/var/lib/serf');
      return {
        runtime: host.runtime,
        host: host.ip,
        foreignHost: '10.0.0.2',
        silent: { host: '10.0.0.99', port: 7946 },
        known: { name: 'db.example', address: '10.0.0.9' },
        directory: '/var/lib/serf',
        passUntil: async (condition, limitMs) => world.runUntil(condition, limitMs),
        close: async () => {},
      };
    },
  };
}
