// Addresses: whether they can be read and resolved, whether this machine has those it is to listen on, and
// whether two want the same port. Next: check-files.ts.

import { networkInterfaces } from 'node:os';
import { defaultPort, parseJoinAddress } from '@reeve/memberlist';
import type { Endpoint, Network } from '@reeve/runtime';
import { endpointText } from '@reeve/runtime';
import { canonicalAddress, interfaceAddresses } from '@reeve/runtime/node';
import { errorText } from '../../error-text.ts';
import { parseHostPort } from '../../host-port.ts';
import { bindToInterface, resolveAdvertised, resolveEndpoint } from '../addresses.ts';
import type { SettingName } from '../schema.ts';
import { type Findings, placeText } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks at every setting that is an address or names an interface. */
export async function checkAddresses(read: ReadConfig, network: Network, findings: Findings): Promise<void> {
  const { config, place } = read;
  const found = async (
    name: 'bind' | 'advertise' | 'rpcAddress',
    resolved: Promise<Endpoint | undefined>,
    portDefault?: number,
  ) => {
    try {
      return await resolved;
    } catch (error) {
      findings.error(place(name), errorText(error), writeAddress(portDefault));
      return undefined;
    }
  };
  const bind = await found('bind', resolveEndpoint(config.bind, network, defaultPort), defaultPort);
  const rpc = await found('rpcAddress', resolveEndpoint(config.rpcAddress, network));
  await found('advertise', resolveAdvertised(config.advertise, network), defaultPort);
  const gossip = bind && checkInterface(read, bind, findings);
  if (gossip) checkIsOurs('bind', gossip.host, read, findings);
  if (rpc) checkIsOurs('rpcAddress', rpc.host, read, findings);
  if (gossip && rpc && collide(gossip, rpc))
    findings.error(
      place('rpcAddress'),
      `gossip listens on the same port, ${endpointText(gossip)} (${placeText(place('bind'))})`,
      'Choose another port for one of them.',
    );
  checkServers(read, findings);
  checkJoins(read, findings);
}

// With the interface's own address where only the interface is given.
function checkInterface(
  { config, place }: ReadConfig,
  bind: Endpoint,
  findings: Findings,
): Endpoint | undefined {
  const known = `Choose one of ${Object.keys(networkInterfaces()).join(', ')}.`;
  if (config.mdnsInterface !== '' && interfaceAddresses(config.mdnsInterface) === undefined)
    findings.error(place('mdnsInterface'), 'this machine has no such network interface', known);
  if (config.interface === '') return bind;
  if (interfaceAddresses(config.interface) === undefined) {
    findings.error(place('interface'), 'this machine has no such network interface', known);
    return undefined;
  }
  try {
    return bindToInterface(config.interface, bind);
  } catch (error) {
    findings.error(place('interface'), errorText(error), 'Choose an address of the interface, or none.');
    return undefined;
  }
}

function checkIsOurs(name: SettingName, host: string, { place }: ReadConfig, findings: Findings): void {
  if (anyAddress.has(host) || host.startsWith('127.')) return;
  const ours = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => canonicalAddress(address) ?? address),
  );
  if (ours.includes(host)) return;
  const fix = `Choose one of ${ours.join(', ')}, or "advertise" (-advertise) for an address that leads here.`;
  findings.error(place(name), `this machine does not have the address ${host}`, fix);
}

function collide(one: Endpoint, other: Endpoint): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  return one.host === other.host || anyAddress.has(one.host) || anyAddress.has(other.host);
}

function checkServers({ config, place }: ReadConfig, findings: Findings): void {
  for (const name of ['statsdAddress', 'statsiteAddress'] as const) {
    if (config[name] === '') continue;
    try {
      parseHostPort(config[name]);
    } catch (error) {
      findings.error(place(name), errorText(error), writeAddress());
    }
  }
}

function checkJoins({ config, place }: ReadConfig, findings: Findings): void {
  for (const name of ['startJoin', 'retryJoin'] as const) {
    for (const address of config[name]) {
      try {
        parseJoinAddress(address, defaultPort);
      } catch (error) {
        findings.error(place(name, address), errorText(error), writeAddress(defaultPort));
      }
    }
  }
}

function writeAddress(portDefault?: number): string {
  const examples =
    portDefault === undefined ? '127.0.0.1:7373, [::1]:7373' : '10.0.0.1, 10.0.0.1:7946, [::1]:7946';
  return `Write an address, or a name that can be looked up here: ${examples}.`;
}

const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
