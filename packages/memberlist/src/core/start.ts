// Brings a node up: sockets, the address others are told, our own entry in the table. Upstream: memberlist
// memberlist.go (Create, setAlive). Next: memberlist.ts.

import type { Endpoint, Result } from '@reeve/runtime';
import { isPrivateAddress, isUnspecifiedAddress } from './address-kind.ts';
import { applyAlive } from './alive.ts';
import { aliveMessage } from './broadcast-alive.ts';
import type { Machine } from './machine.ts';
import { metaBytesMax, type Versions } from './node.ts';
import { openTransport, type Transport, type TransportInput } from './transport.ts';

/** Opens the sockets and announces ourselves. */
export function start(machine: Machine, input: TransportInput, done: (error?: Error) => void): void {
  openTransport(machine.runtime.network, machine.config.bind, input, (opened) => {
    if (!opened.ok) return done(opened.error);
    const transport = opened.value;
    const announced = announce(machine, transport);
    if (announced.ok) return done();
    transport.close();
    machine.transport = undefined;
    done(announced.error);
  });
}

function announce(machine: Machine, transport: Transport): Result<void> {
  const advertised = advertisedAddress(machine, transport.local);
  if (!advertised.ok) return advertised;
  const meta = machine.delegate.nodeMeta();
  if (meta.length > metaBytesMax) {
    return { ok: false, error: new RangeError(`Node meta data provided is longer than the limit`) };
  }
  machine.transport = transport;
  machine.advertised = advertised.value;
  if (!machine.config.keyring && !isPrivateAddress(advertised.value.host)) {
    machine.log('warn', 'Binding to public address without encryption!');
  }
  const self = {
    ...advertised.value,
    name: machine.config.name,
    meta,
    versions: ownVersions(machine),
    state: 'alive' as const,
    incarnation: machine.nextIncarnation(),
    stateChangedAtMs: 0,
  };
  applyAlive(machine, aliveMessage(self), { ownWord: true });
  return { ok: true, value: undefined };
}

function advertisedAddress(machine: Machine, local: Endpoint): Result<Endpoint> {
  const { advertise } = machine.config;
  if (advertise) return { ok: true, value: { ...advertise, port: advertise.port || local.port } };
  if (!isUnspecifiedAddress(local.host)) return { ok: true, value: local };
  const host = machine.runtime.network.privateAddress();
  if (host !== undefined) return { ok: true, value: { host, port: local.port } };
  const why = 'No private IP address found, and explicit IP not provided';
  return { ok: false, error: new Error(`Failed to get final advertise address: ${why}`) };
}

function ownVersions(machine: Machine): Versions {
  const { protocolVersion, delegateVersions } = machine.config;
  const { min, max, current } = delegateVersions;
  return { pMin: 1, pMax: 5, pCur: protocolVersion, dMin: min, dMax: max, dCur: current };
}
