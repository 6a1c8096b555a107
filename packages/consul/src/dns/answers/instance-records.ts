// Records about one instance of a service. Upstream: agent/dns.go (nodeServiceRecords, makeRecordFromIP,
// makeRecordFromFQDN, makeRecordFromServiceNode).

import { type InstanceHealth, parseAddress } from '../../core/index.ts';
import type { DnsSettings } from '../settings.ts';
import { type DomainName, domainName } from '../wire/domain-name.ts';
import type { Question } from '../wire/message.ts';
import { type ResourceRecord, recordType } from '../wire/record.ts';
import { addressOfNode, addressOfService, addressRecord, portOfService } from './addresses.ts';
import type { Followed } from './followed.ts';
import { weightOf } from './health.ts';
import { metaRecords } from './node-records.ts';

/** What is asked about instances, and how it is to be answered. */
export interface InstanceQuestion {
  readonly question: Question;
  /** Where the instances are. */
  readonly datacenter: string;
  readonly ttl: number;
  /** Who has no EDNS gets few records of an alias. */
  readonly hasEdns: boolean;
  readonly settings: DnsSettings;
}

/** What one instance contributes to an answer. */
export interface InstanceRecords {
  /** Instances with the same key count once. */
  readonly key: string;
  /** Its answer begins with an alias. */
  readonly isAlias: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
}

/** The records of one instance; undefined if it has none of the type that was asked. */
export function instanceRecords(
  instance: InstanceHealth,
  asked: InstanceQuestion,
  followed: Followed,
): InstanceRecords | undefined {
  const place = placeOf(instance, asked);
  if (place === undefined) return undefined;
  if (asked.question.type === recordType.srv) return serviceRecords(instance, place, asked, followed);
  const { name, type } = asked.question;
  if (place.kind === 'host') {
    const alias = { kind: 'cname', name, ttl: asked.ttl, target: place.target } as const;
    const answers = [alias, ...aliasRecords(place.target, asked, followed)];
    return { key: `host ${place.target.text}`, isAlias: true, answers, additional: [] };
  }
  const record = addressRecord(name, asked.ttl, place.address, type);
  if (record === undefined) return undefined;
  return { key: record.address.join('.'), isAlias: false, answers: [record], additional: [] };
}

/** The host name that has to be followed for an instance; undefined if it has an address. */
export function hostNameOfInstance(instance: InstanceHealth, asked: InstanceQuestion): string | undefined {
  const place = placeOf(instance, asked);
  return place?.kind === 'host' ? place.target.text : undefined;
}

/** Where an instance is, and how SRV records call that place. */
type Place =
  | { readonly kind: 'address'; readonly address: Uint8Array; readonly target: DomainName | undefined }
  | { readonly kind: 'host'; readonly target: DomainName };

function placeOf({ node, service }: InstanceHealth, asked: InstanceQuestion): Place | undefined {
  const { question, settings, datacenter } = asked;
  const serviceAddress = addressOfService(service, question.type, settings, datacenter);
  const nodeAddress = addressOfNode(node, question.type, settings);
  if (serviceAddress === '' && nodeAddress === '') return undefined;
  const nodeIp = parseAddress(nodeAddress);
  if (serviceAddress === '') {
    if (nodeIp === undefined) return { kind: 'host', target: domainName(nodeAddress) };
    // A translated address is not what the node's name leads to.
    const target = node.address === nodeAddress ? undefined : addressName(nodeIp, asked);
    return { kind: 'address', address: nodeIp, target };
  }
  const serviceIp = parseAddress(serviceAddress);
  if (serviceIp !== undefined)
    return { kind: 'address', address: serviceIp, target: addressName(serviceIp, asked) };
  const target = domainName(serviceAddress);
  // A service whose address is its own name is where its node is.
  if (target.text === question.name.text && nodeIp !== undefined)
    return { kind: 'address', address: nodeIp, target: undefined };
  return { kind: 'host', target };
}

function serviceRecords(
  instance: InstanceHealth,
  place: Place,
  asked: InstanceQuestion,
  followed: Followed,
): InstanceRecords {
  const { question, ttl, settings, datacenter } = asked;
  const { node, service } = instance;
  const nodeName = domainName(`${node.name}.node.${datacenter}.${settings.domain}`);
  const target = place.target ?? nodeName;
  const port = portOfService(service, settings, datacenter);
  const weight = weightOf(instance);
  const address = addressOfService(service, question.type, settings, datacenter);
  const record =
    place.kind === 'address' ? addressRecord(target, ttl, place.address, question.type) : undefined;
  const located = record === undefined ? aliasRecords(target, asked, followed) : [record];
  const meta = settings.addsNodeMeta ? metaRecords(node, nodeName, ttl) : [];
  return {
    key: `${node.name}:${address}:${port}`,
    isAlias: false,
    answers: [{ kind: 'srv', name: question.name, ttl, priority: 1, weight, port: port & 0xffff, target }],
    additional: [...located, ...meta],
  };
}

/** What a host name leads to, with the time to live of the service. */
function aliasRecords(target: DomainName, asked: InstanceQuestion, followed: Followed): ResourceRecord[] {
  const records = (followed.get(target.text) ?? []).filter(({ kind }) => aliasKinds.has(kind));
  const some = asked.hasEdns ? records : records.slice(0, aliasRecordsMax);
  return some.map((record) => ({ ...record, ttl: asked.ttl }));
}

function addressName(address: Uint8Array, { datacenter, settings }: InstanceQuestion): DomainName {
  const digits = [...address].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return domainName(`${digits}.addr.${datacenter}.${settings.domain}`);
}

const aliasKinds = new Set(['a', 'aaaa', 'cname']);
/** Without EDNS (upstream: maxRecurseRecords). */
const aliasRecordsMax = 5;
