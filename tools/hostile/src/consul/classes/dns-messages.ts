// Questions that lead back to themselves, count what is not there, or are as long as can be.

import { stream } from '../../hostile-class.ts';
import { noise, prefixes } from '../../wire/messages.ts';
import { type ConsulClass, packetsTo, streamsTo } from '../consul-class.ts';

/** Datagrams and streams. */
export const dnsMessages: ConsulClass = {
  name: 'dns-messages',
  title: 'DNS: compression loops, lying counts and lengths, names of 65,535 bytes, random bytes',
  *inputs({ isBrief }) {
    const messages = [...wrongMessages(), ...prefixes(question(nameOf('web.service.consul')))];
    const random = Array.from({ length: isBrief ? 200 : 1_000 }, (_, seed) => noise((seed * 7) % 600, seed));
    for (let times = isBrief ? 1 : 20; times > 0; times--) yield* packetsTo('dns', messages);
    yield* packetsTo('dns', random);
    yield* streamsTo('dns', [...messages.map(inStream), ...random.slice(0, 100)]);
    yield* streamsTo(
      'dns',
      [0, 1, 11, 12, 65_535].map((length) => Buffer.concat([lengthOf(length), noise(11, length)])),
    );
    const largest = inStream(question(longName(65_000)));
    for (let left = 128; left > 0; left--) yield stream('dns', [largest.subarray(0, 60_000)]);
    const flood = Buffer.concat(
      Array.from({ length: 500 }, () => inStream(question(nameOf('consul.service.consul')))),
    );
    for (let left = 20; left > 0; left--)
      yield stream(
        'dns',
        Array.from({ length: isBrief ? 5 : 50 }, () => flood),
      );
    for (let left = 200; left > 0; left--) yield stream('dns', []);
  },
};

function wrongMessages(): Buffer[] {
  const loop = Buffer.of(0xc0, 12);
  const forward = Buffer.of(0xc0, 0xff);
  const chain = Buffer.concat(Array.from({ length: 200 }, (_, at) => Buffer.from([0xc0, 12 + 2 * at + 2])));
  return [
    question(loop),
    question(forward),
    question(chain),
    question(Buffer.concat([Buffer.of(1, 0x61), loop])),
    question(Buffer.of(63, 0x61)),
    question(Buffer.of(0x40, 0x80, 0)),
    question(longName(65_000)).subarray(0, 60_000),
    question(longName(300)),
    ...[0, 2, 255, 65_535].flatMap((count) =>
      [0, 1, 2, 3].map((section) => question(nameOf('web.service.consul'), section, count)),
    ),
    ...[
      'web',
      '.',
      'x.query.consul',
      '1.2.3.4.in-addr.arpa',
      'zz.addr.consul',
      '_a._b.service.consul',
    ].flatMap((name) =>
      [1, 6, 12, 33, 41, 252, 255, 65_535].map((type) => question(nameOf(name), 0, 1, type)),
    ),
    Buffer.concat([question(nameOf('consul.service.consul'), 3, 1), edns(65_535, 0xffff)]),
    Buffer.concat([question(nameOf('consul.service.consul'), 3, 1), edns(0, 4)]),
  ];
}

/** A question; one of its four counts can say something else. */
function question(name: Uint8Array, section = 0, count = 1, type = 1): Buffer {
  const header = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  header.writeUInt16BE(count, 4 + 2 * section);
  return Buffer.concat([header, name, Buffer.from([type >> 8, type & 0xff, 0, 1])]);
}

function nameOf(text: string): Buffer {
  const labels = text.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}

function longName(bytes: number): Buffer {
  const label = Buffer.concat([Buffer.of(63), Buffer.alloc(63, 0x61)]);
  return Buffer.concat([...Array.from({ length: Math.ceil(bytes / 64) }, () => label), Buffer.of(0)]);
}

function edns(payloadBytes: number, optionBytes: number): Buffer {
  const record = Buffer.alloc(11);
  record.writeUInt16BE(41, 1);
  record.writeUInt16BE(payloadBytes, 3);
  record.writeUInt16BE(optionBytes, 9);
  return record;
}

function inStream(message: Uint8Array): Buffer {
  return Buffer.concat([lengthOf(message.length), message]);
}

function lengthOf(bytes: number): Buffer {
  return Buffer.from([bytes >> 8, bytes & 0xff]);
}
