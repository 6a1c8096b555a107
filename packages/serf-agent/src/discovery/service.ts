// What a node says about itself by multicast DNS: the cluster is a service, the node an instance of it, and
// the machine's name leads to the address. Upstream: hashicorp/mdns zone.go and server.go,
// cmd/serf/command/agent/mdns.go.
//
// Unlike the original each record goes into an answer once, however often it was asked for: the largest
// answer has five records, so nobody can make much of a little by asking in our neighbours' names.
// Next: entries.ts, the other side.

import type { Endpoint } from '@reeve/runtime';
import {
  addressType,
  type DnsQuestion,
  type DnsRecord,
  decodeQuery,
  encodeAnswer,
  recordTypes,
} from './wire/message.ts';

/** What a node announces. */
export interface Announcement {
  /** The name given with `-discover`. */
  readonly cluster: string;
  readonly node: string;
  /** The name of the machine. */
  readonly hostName: string;
  /** Where the others reach the node. */
  readonly endpoint: Endpoint;
}

/** The service whose instances are the nodes of a cluster. */
export function serviceName(cluster: string): string {
  return `_serf_${cluster}._tcp.${domain}`;
}

/** The packets that answer a packet: mostly none, and never more than two. @throws DecodeError */
export function answersTo(packet: Uint8Array, announcement: Announcement): readonly Uint8Array[] {
  const query = decodeQuery(packet);
  if (query === undefined) return [];
  const answers: Uint8Array[] = [];
  for (const isUnicast of [false, true]) {
    const questions = query.questions.filter(({ wantsUnicast }) => wantsUnicast === isUnicast);
    const records = recordsFor(questions, announcement);
    if (records.length > 0) answers.push(encodeAnswer(isUnicast ? query.id : 0, records));
  }
  return answers;
}

/** All that we know of what is asked for, each record once. */
export function recordsFor(
  questions: readonly DnsQuestion[],
  { cluster, node, hostName, endpoint }: Announcement,
): readonly DnsRecord[] {
  const service = serviceName(cluster);
  const name = `${node}.${service}`;
  const enumeration: DnsRecord = { kind: 'pointer', name: enumerationName, target: service };
  const pointer: DnsRecord = { kind: 'pointer', name: service, target: name };
  const location: DnsRecord = { kind: 'service', name, target: hostName, port: endpoint.port };
  const address: DnsRecord = { kind: 'address', name: hostName, address: endpoint.host };
  const text: DnsRecord = { kind: 'text', name, texts: [`Serf '${cluster}' cluster`] };

  const { PTR, SRV, TXT, ANY } = recordTypes;
  const known: readonly (readonly [name: string, type: number, records: readonly DnsRecord[]])[] = [
    [enumerationName, PTR, [enumeration]],
    [enumerationName, ANY, [enumeration]],
    [service, PTR, [pointer, location, address, text]],
    [service, ANY, [pointer, location, address, text]],
    [name, SRV, [location, address]],
    [name, TXT, [text]],
    [name, ANY, [location, address, text]],
    [name, addressType(endpoint.host), [address]],
    [hostName, addressType(endpoint.host), [address]],
  ];
  const answered = questions.flatMap((question) =>
    known.flatMap(([name, type, records]) =>
      name === question.name && type === question.type ? records : [],
    ),
  );
  return [...new Set(answered)];
}

const domain = 'local';
/** Under this name any service of the network can be listed (RFC 6763, section 9). */
const enumerationName = `_services._dns-sd._udp.${domain}`;
