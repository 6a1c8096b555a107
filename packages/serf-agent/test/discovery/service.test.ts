// What a node answers, byte by byte against the answers of the original to the same packets.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DecodeError } from '@reeve/bytes';
import { type Exchange, readPlain, readProbes } from '@reeve/golden';
import { type Announcement, answersTo, serviceName } from '../../dist/discovery/service.js';
import { type DnsRecord, decodeAnswer, encodeQuery } from '../../dist/discovery/wire/message.js';

const captures: readonly (readonly [capture: string, announcement: Announcement])[] = [
  [
    'probe-responses',
    { cluster: 'web', node: 'ma', hostName: 'vm', endpoint: { host: '10.77.0.1', port: 7946 } },
  ],
  [
    'probe-responses-ipv6-member',
    {
      cluster: 'web',
      node: 'web1.corp',
      hostName: 'web1.corp.tcp.local',
      endpoint: { host: 'fd77::1', port: 7946 },
    },
  ],
];

// Where we differ: the original answers responses, and repeats itself to whoever asks twice.
const toResponse = 'pointers of the service, QR bit';
const askedTwice = 'pointers of the service, twice';
const noMessage = 'no DNS message';
const cut = 'pointers of the service, cut in the question';

for (const [capture, announcement] of captures) {
  describe(capture, () => {
    const exchanges = readProbes(capture, 'mdns');
    const named = (label: string): Exchange => {
      const found = exchanges.find((exchange) => exchange.label === label);
      assert.ok(found, label);
      return found;
    };

    for (const { label, request, responses } of exchanges) {
      if ([toResponse, askedTwice, noMessage, cut].includes(label)) continue;
      test(`[78] asked for ${label}, a node answers what the original does`, () => {
        assert.deepEqual(
          answersTo(request.bytes, announcement),
          responses.map(({ bytes }) => bytes),
        );
      });
    }

    test('what is no DNS message gets no answer', () => {
      assert.deepEqual(answersTo(named(noMessage).request.bytes, announcement), []);
      assert.throws(() => answersTo(named(cut).request.bytes, announcement), DecodeError);
    });

    test('a response is not answered', () => {
      assert.deepEqual(answersTo(named(toResponse).request.bytes, announcement), []);
    });

    test('a question that is repeated makes the answer no longer', () => {
      const [once] = answersTo(named('pointers of the service').request.bytes, announcement);
      assert.deepEqual(answersTo(named(askedTwice).request.bytes, announcement), [once]);
    });

    test('[78] a search asks as the original does', () => {
      assert.deepEqual(
        encodeQuery(0x1234, serviceName('web')),
        named('pointers of the service').request.bytes,
      );
    });
  });
}

test('[78] queries and answers read as those that were captured between two of the original', () => {
  const { text } = readPlain('mdns/packets');
  const query = encodeQuery(8525, serviceName('web'));
  assert.match(text, new RegExp(`: 8525 PTR \\(QM\\)\\? _serf_web\\._tcp\\.local\\. \\(${query.length}\\)`));
  const [answer = new Uint8Array()] = answersTo(query, captures[0]?.[1] as Announcement);
  const records = (decodeAnswer(answer) ?? []).map(asTcpdump).join(', ');
  assert.ok(text.includes(`0*- [0q] 4/0/0 ${records} (${answer.length})`), records);
});

function asTcpdump(record: DnsRecord): string {
  switch (record.kind) {
    case 'pointer':
      return `${record.name}. PTR ${record.target}.`;
    case 'service':
      return `${record.name}. SRV ${record.target}.:${record.port} 10 1`;
    case 'address':
      return `${record.name}. A ${record.address}`;
    case 'text':
      return `${record.name}. TXT "${record.texts.join('" "')}"`;
  }
}
