// What the real program answered to hand-made packets and streams, asked of a running node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIp } from '@reeve/bytes';
import { type Exchange, readProbes } from '@reeve/golden';
import type { Endpoint } from '@reeve/runtime';
import { VirtualWorld } from '@reeve/runtime/virtual';
import { messageTypes } from '../../dist/core/wire/message-types.js';
import {
  decodeBody,
  type IndirectPing,
  indirectPingCodec,
  pingCodec,
} from '../../dist/core/wire/messages.js';
import { hex } from '../kit/hex.ts';
import { Member } from '../kit/member.ts';
import { ackIn, compound, ping } from '../kit/messages.ts';
import { Stranger } from '../kit/stranger.ts';
import { readStream } from '../kit/streams.ts';

const checklist: readonly (readonly [item: number, label: RegExp])[] = [
  [7, /msgpack array/],
  [8, /unknown key/],
  [6, /int32/],
  [9, /only SeqNo|Node = nil|another node name/],
  [10, /no Source\* fields|SourceAddr\/SourcePort/],
  [12, /live third node/],
  [13, /nobody answers/],
  [14, /compound/],
  [18, /CRC/i],
  [26, /empty push\/pull/],
  [27, /out of range/],
  [28, /encrypted stream|unknown algorithm/],
  [29, /unknown type|unknown stream type|pushPull type over UDP|garbage/],
  [30, /label/],
];

for (const [version, name, ip] of [
  ['0.9.4', 'alpha', '127.0.7.1'],
  ['0.10.1', 'ten1', '127.0.7.91'],
] as const) {
  for (const exchange of readProbes(`probe-responses-${version}`)) {
    const item = checklist.find(([, label]) => label.test(exchange.label))?.[0];
    const mark = item === undefined ? '' : `[${item}] `;
    test(`${mark}as ${version} answers: ${exchange.label}`, () => replay(exchange, name, ip));
  }
}

function replay(exchange: Exchange, name: string, ip: string): void {
  const world = new VirtualWorld({ seed: 1 });
  const payload = exchange.responses[0] && ackIn(exchange.responses[0].bytes)?.payload;
  const delegate = { ackPayload: () => payload ?? new Uint8Array(0) };
  const node = new Member(world, world.host(ip), name, { delegate }).start();
  new Stranger(world, '127.0.7.51').hearOut(node);
  if (exchange.label.startsWith('TCP')) replayStream(exchange, world, node.address);
  else replayPacket(exchange, world, node.address);
  assert.ok(
    ackIn(new Stranger(world, '127.0.7.50', 1).ask(ping(name), node.address)[0] ?? empty),
    'it is still up',
  );
}

function replayPacket(exchange: Exchange, world: VirtualWorld, to: Endpoint): void {
  const request = packetOf(exchange);
  const indirect = indirectPingIn(request);
  if (indirect && /live/.test(exchange.label)) {
    new Member(world, world.host(formatIp(indirect.target) ?? ''), indirect.node).start();
  }
  const stranger = new Stranger(world, '127.0.7.50', indirect?.sourcePort ?? pingSourcePort(request) ?? 7946);
  const answers = stranger.ask(request, to, 1_000);
  if (asLaterVersions.test(exchange.label))
    assert.deepEqual(
      answers.map((answer) => answer[0]),
      [messageTypes.ack],
    );
  else assert.deepEqual(answers.map(hex).sort(), exchange.responses.map(({ bytes }) => hex(bytes)).sort());
}

function replayStream(exchange: Exchange, world: VirtualWorld, to: Endpoint): void {
  const stranger = new Stranger(world, '127.0.7.50');
  const answer = stranger.askStream(exchange.request.bytes, to);
  const [golden] = exchange.responses;
  if (!/push\/pull/.test(exchange.label) || !golden) {
    assert.equal(hex(answer), hex(golden?.bytes ?? empty));
    return;
  }
  // The state itself is another cluster's. What must be the same: it is one, compressed, and of the same
  // kind.
  assert.equal(answer[0], messageTypes.compress);
  const [ours, theirs] = [readStream(answer), readStream(golden.bytes)];
  assert.ok(ours.type === 'pushPull' && theirs.type === 'pushPull');
  assert.equal(ours.pushPull.join, theirs.pushPull.join);
}

/** The request; one that the capture shows only in part is made again. */
function packetOf(exchange: Exchange): Uint8Array {
  if (exchange.request.cutBytes === 0) return exchange.request.bytes;
  assert.match(exchange.label, /129 × wrong-name ping \+ 1 good ping/);
  return compound([...Array.from({ length: 129 }, () => ping('other')), ping('')]);
}

/** The sender's port that an indirect ping or a ping names, whatever is around it. */
function indirectPingIn(packet: Uint8Array): IndirectPing | undefined {
  return packet[0] === messageTypes.indirectPing
    ? decodeBody(indirectPingCodec, packet.subarray(1))
    : undefined;
}

function pingSourcePort(packet: Uint8Array): number | undefined {
  if (packet[0] !== messageTypes.ping) return undefined;
  return decodeBody(pingCodec, packet.subarray(1)).sourcePort || undefined;
}

/** 0.10 reads more than 127 parts right; memberlist 0.5.4 and later take bin for a text. So do we. */
const asLaterVersions = /130 parts|Node as bin8/;
const empty = new Uint8Array(0);
