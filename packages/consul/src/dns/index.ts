// DNS: names of nodes and services, for whoever can ask no other way.

export { resolveRecursor } from './recursors.ts';
export { Resolver } from './resolver.ts';
export { DnsServer, type DnsServerParts, startDnsServer } from './server.ts';
export { type DnsSettings, defaultDnsSettings, type ZoneSettings } from './settings.ts';
