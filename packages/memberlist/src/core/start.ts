// Brings a node up: sockets, the address others are told, our own entry in the table. Upstream: memberlist
// memberlist.go (Create, setAlive). Next: memberlist.ts.

import { isIp } from '@reeve/bytes';
import { type Endpoint, isSpecialAddress, type Result } from '@reeve/runtime';
import { applyAlive } from './alive.ts';
import { aliveMessage } from './broadcast-alive.ts';
import { protocolMax, protocolMin } from './config.ts';
import { type Machine, notRunning } from './machine.ts';
import { metaFlaw, type Versions } from './node.ts';
import { openTransport, type Transport, type TransportInput } from './transport.ts';

/**
 * Opens the sockets and announces ourselves; `done` with an error also when the node is stopped before that.
 */
export function start(machine: Machine, input: TransportInput, done: (error?: Error) => void): void {
  let stopped = false;
  const isUp = machine.underway.add(() => {
    stopped = true;
    done(new Error(notRunning));
  });
  openTransport(machine.runtime.network, machine.config.bind, input, (opened) => {
    if (stopped) return opened.ok ? opened.value.close() : undefined;
    isUp();
    if (!opened.ok) return done(opened.error);
    const announced = announce(machine, opened.value);
    if (announced.ok) return done();
    opened.value.close();
    done(announced.error);
  });
}

function announce(machine: Machine, transport: Transport): Result<void> {
  const advertised = advertisedAddress(machine, transport.local);
  if (!advertised.ok) return advertised;
  const meta = machine.delegate.nodeMeta();
  const flaw = metaFlaw(meta);
  if (flaw !== undefined) return { ok: false, error: new RangeError(flaw) };
  machine.transport = transport;
  machine.advertised = advertised.value;
  if (!machine.config.keyring && !isSpecialAddress(advertised.value.host)) {
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
  if (advertise && !isIp(advertise.host)) {
    const error = new Error(
      `${addressFails}: Failed to parse advertise address ${JSON.stringify(advertise.host)}`,
    );
    return { ok: false, error };
  }
  if (advertise) return { ok: true, value: { ...advertise, port: advertise.port || local.port } };
  if (!allAddresses.has(local.host)) return { ok: true, value: local };
  const host = machine.runtime.network.privateAddress();
  if (host !== undefined) return { ok: true, value: { host, port: local.port } };
  const why = 'No private IP address found, and explicit IP not provided';
  return { ok: false, error: new Error(`${addressFails}: ${why}`) };
}

function ownVersions(machine: Machine): Versions {
  const { protocolVersion, delegateVersions } = machine.config;
  const { min, max, current } = delegateVersions;
  return { pMin: protocolMin, pMax: protocolMax, pCur: protocolVersion, dMin: min, dMax: max, dCur: current };
}

/** A socket bound to one of these has all addresses of the machine. */
const allAddresses: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const addressFails = 'Failed to get final advertise address';
