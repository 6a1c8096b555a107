// Queries and answers of DNS, and what there is to ask about.

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { ConsulAgent } from '@reeve/interop';
import type { Endpoint } from '@reeve/runtime';
import { type Answer, decode, encode } from 'dns-packet';

/** Registers nodes and services of every kind. */
export async function registerAll(agent: ConsulAgent): Promise<void> {
  const node = { Node: 'n1', Address: '10.0.0.1', NodeMeta: { ' k=`': 'v`' } };
  const many = [...Array(40).keys()].map((i) => ({
    Node: `many${String(i).padStart(2, '0')}`,
    Address: `10.1.0.1${String(i).padStart(2, '0')}`,
    Service: { Service: 'many', Port: 9_000 },
  }));
  const check = (Status: string) => ({ CheckID: Status, Name: Status, Status });
  const bodies = [
    { ...node, Service: { Service: 'web', ID: 'w', Tags: ['v1', 'a.b'], Port: 80, Address: '10.50.0.0' } },
    {
      ...node,
      Node: 'n2',
      Address: '10.0.0.2',
      Service: { Service: 'web', Port: 81 },
      Check: check('warning'),
    },
    { ...node, Service: { Service: 'host', ID: 'h', Port: 1, Address: 'www.example.invalid' } },
    { ...node, Service: { Service: 'alias', ID: 'a', Port: 2, Address: 'v1.web.service.consul' } },
    { ...node, Service: { Service: 'self', ID: 's', Port: 3, Address: 'self.service.consul' } },
    { ...node, Service: { Service: 'loop', ID: 'l', Port: 4, Address: 'loop2.service.consul' } },
    { ...node, Service: { Service: 'loop2', ID: 'l2', Port: 5, Address: 'loop.service.consul' } },
    {
      ...node,
      Service: {
        Service: 'tagged',
        ID: 't',
        Port: 6,
        Address: '10.7.0.1',
        TaggedAddresses: {
          lan_ipv6: { Address: 'fd00::7', Port: 6 },
          lan_ipv4: { Address: '10.7.0.2', Port: 6 },
          wan: { Address: '10.7.0.3', Port: 7 },
        },
      },
    },
    { Node: 'six', Address: 'fd00::6', Service: { Service: 'web', Port: 82 } },
    { Node: 'a.b', Address: '10.0.0.3', TaggedAddresses: { lan_ipv4: '10.0.0.33', lan_ipv6: 'fd00::33' } },
    { Node: 'hostnode', Address: 'www.example.invalid' },
    { Node: 'innode', Address: 'n1.node.consul' },
    { Node: 'n3', Address: '10.0.0.4', Service: { Service: 'sick', Port: 1 }, Check: check('critical') },
    { Node: 'n4', Address: '10.0.0.5', Service: { Service: 'odd', Port: 1 }, Check: check('up') },
    ...many,
  ];
  for (const body of bodies) await agent.put('/v1/catalog/register', JSON.stringify(body));
}

export function queryFor(name: string, type: string, payloadBytes: number | undefined): Buffer {
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: payloadBytes ?? 0,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [{ code: 'CLIENT_SUBNET', ip: '10.9.8.0', sourcePrefixLength: 22, family: 1 }],
  } as const;
  return encode({
    type: 'query',
    id: 4_711,
    flags: 0x0100,
    questions: [{ name, type: type as 'A' }],
    additionals: payloadBytes === undefined ? [] : [opt as unknown as Answer],
  });
}

/** What is not chance: the zone's serial is a date, and which instances are drawn of many is a lot. */
export function comparable(answer: Buffer | undefined): unknown {
  if (answer === undefined) return undefined;
  const { questions, answers, authorities, additionals, ...rest } = decode(answer);
  return {
    ...rest,
    bytes: answer.length,
    questions,
    answers: sorted(answers),
    authorities: sorted(authorities),
    additionals: sorted(additionals),
  };
}

function sorted(records: readonly Answer[] = []): string[] {
  return records
    .map((record) => JSON.stringify(record, (key, value) => (key === 'serial' ? 0 : value)))
    .map((text) => text.replaceAll(/many\d\d|10\.1\.0\.1\d\d/g, 'many'))
    .sort();
}

/** Undefined: nobody answers. */
export function overUdp(to: Endpoint, query: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (answer: Buffer | undefined) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(finish, silenceMs, undefined);
    socket.on('message', finish);
    socket.send(query, to.port, to.host);
  });
}

/** The same over TCP. */
export function overTcp(to: Endpoint, query: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(to.port, to.host);
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      resolve(received.subarray(2));
    });
    socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length & 0xff), query]));
  });
}

/** Who has not answered by then does not; on a busy machine everything takes longer. */
const silenceMs = 10_000;
