// The addresses an agent is reached at, from what people write: `host`, `host:port`, `[v6]:port`, or the
// name of a network interface. Host names are resolved here, once, so that everything below works with IP
// addresses. Upstream: cmd/serf/command/agent/config.go (AddrParts), command.go (setupAgent); error texts
// are Go's net package.

import { defaultPort } from '@reeve/memberlist';
import type { Endpoint, Network } from '@reeve/runtime';
import { interfaceAddresses } from '@reeve/runtime/node';
import { parseHostPort } from '../host-port.ts';
import type { AgentConfig } from './schema.ts';

/** Where gossip is received, and what others are told. */
export interface AgentAddresses {
  readonly bind: Endpoint;
  readonly advertise: Endpoint | undefined;
  /** The interface whose first address was taken, if that is where `bind` comes from. */
  readonly chosenInterface: string | undefined;
}

/** Finds the addresses a configuration means. @throws Error with the original's text. */
export async function findAddresses(config: AgentConfig, network: Network): Promise<AgentAddresses> {
  const bind = await resolveEndpoint(config.bind, network, defaultPort).catch((cause) => {
    throw new Error(`Invalid bind address: ${cause.message}`, { cause });
  });
  const onInterface = config.interface === '' ? undefined : bindToInterface(config.interface, bind);
  const advertise = await resolveAdvertised(config.advertise, network).catch((cause) => {
    throw new Error(`Invalid advertise address: ${cause.message}`, { cause });
  });
  const isChosen = onInterface !== undefined && onInterface.host !== bind.host;
  return { bind: onInterface ?? bind, advertise, chosenInterface: isChosen ? config.interface : undefined };
}

/**
 * Reads `host:port` and resolves the host. `portDefault` stands in for a missing port; without it the port
 * must be there. An empty host means all addresses.
 * @throws Error with Go's text: `address tcp/xx: unknown port`, `lookup foo: no such host`.
 */
export async function resolveEndpoint(
  address: string,
  network: Network,
  portDefault?: number,
): Promise<Endpoint> {
  const { host, port } = parseHostPort(address, portDefault);
  return { host: host === '' ? '0.0.0.0' : await resolveHost(host, network), port };
}

/** The same for what others are told, where all addresses are none. @throws Error with Go's text, or ours. */
export async function resolveAdvertised(address: string, network: Network): Promise<Endpoint | undefined> {
  if (address === '') return undefined;
  const { host } = parseHostPort(address, defaultPort);
  if (host === '') throw new Error(`address ${address}: missing host in address`);
  return resolveEndpoint(address, network, defaultPort);
}

function resolveHost(host: string, network: Network): Promise<string> {
  return new Promise((resolve, reject) => {
    network.resolve(host, (result) => {
      if (!result.ok) return reject(result.error);
      const first = result.value.find((address) => !address.includes(':')) ?? result.value[0];
      if (first === undefined) reject(new Error(`lookup ${host}: no such host`));
      else resolve(first);
    });
  });
}

/**
 * Without an address of its own the node takes the interface's first usable one; with one, the interface must
 * have it. @throws Error with the original's text.
 */
export function bindToInterface(name: string, bind: Endpoint): Endpoint {
  const addresses = interfaceAddresses(name);
  if (addresses === undefined)
    throw new Error('Invalid network interface: route ip+net: no such network interface');
  if (addresses.length === 0) throw new Error(`Interface '${name}' has no addresses`);
  if (bind.host !== '0.0.0.0') {
    if (addresses.some(({ host }) => host === bind.host)) return bind;
    throw new Error(`Interface '${name}' has no '${bind.host}' address`);
  }
  const usable = addresses.find(({ linkLocal }) => !linkLocal);
  if (usable === undefined) throw new Error(`Failed to find usable address for interface '${name}'`);
  return { host: usable.host, port: bind.port };
}
