// Answering pings, and pinging for others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeAck,
  encodeMessage,
  type IndirectPing,
  indirectPingCodec,
} from '../../dist/core/wire/messages.js';
import { ackIn, alive, compound, dead, deadsIn, messagesIn, ping, pingsIn } from '../kit/messages.ts';
import { addressBytes, Scene } from '../kit/scene.ts';
import { Stranger } from '../kit/stranger.ts';

const helperAddress = '10.9.9.8';

function indirectPing(more: Partial<IndirectPing> = {}): Uint8Array {
  const value: IndirectPing = {
    sequence: 77,
    target: addressBytes(helperAddress),
    port: 7946,
    node: 'target',
    nack: true,
    sourceAddress: new Uint8Array(0),
    sourcePort: 0,
    sourceNode: '',
    ...more,
  };
  return encodeMessage('indirectPing', indirectPingCodec, value);
}

test('[9] a ping for another node is not answered, one for nobody is', () => {
  const { node, stranger } = new Scene();
  assert.deepEqual(stranger.ask(ping('other'), node.address), []);
  assert.deepEqual(node.logged('unexpected'), [
    "[WARN] memberlist: Got ping for unexpected node 'other' from=10.9.9.9:7946",
  ]);
  assert.equal(stranger.ask(ping('', { sequence: 5 }), node.address).map(ackIn)[0]?.sequence, 5);
});

test('[10] the answer goes to where the ping says it comes from', () => {
  const { world, node, stranger } = new Scene();
  const other = new Stranger(world, helperAddress, 9_999);
  const sourceAddress = addressBytes(helperAddress);
  const mapped = Uint8Array.of(...new Uint8Array(10), 255, 255, ...sourceAddress);
  for (const address of [sourceAddress, mapped]) {
    const before = other.packets.length;
    assert.deepEqual(
      stranger.ask(ping('n1', { sourceAddress: address, sourcePort: 9_999 }), node.address),
      [],
    );
    assert.equal(other.packets.length, before + 1);
  }
});

test('[10] without an address, without a port, or with an address that is none it goes back', () => {
  const { node, stranger } = new Scene();
  for (const more of [
    { sourcePort: 7946 },
    { sourceAddress: addressBytes(helperAddress) },
    { sourceAddress: Uint8Array.of(1, 2, 3), sourcePort: 7946 },
    { sourceAddress: Uint8Array.of(1, 2, 3, 4, 5), sourcePort: 7946 },
  ]) {
    assert.equal(stranger.ask(ping('n1', more), node.address).length, 1);
  }
});

test('broadcasts ride on answers', () => {
  const { node, stranger } = new Scene();
  const [answer] = stranger.ask(ping('n1'), node.address);
  assert.deepEqual(
    messagesIn(answer ?? assert.fail()).map(([type]) => type),
    [2, 4],
  );
  stranger.hearOut(node);
  const [bare] = stranger.ask(ping('n1'), node.address);
  assert.deepEqual(
    messagesIn(bare ?? assert.fail()).map(([type]) => type),
    [2],
  );
});

test('who pings although we take it for dead or left is told so, and nobody else', () => {
  for (const [from, told] of [
    ['a', 'n1'],
    ['s', 's'],
  ] as const) {
    const scene = new Scene();
    const { node, stranger } = scene;
    scene.introduce('s');
    scene.tell(dead('s', 1, from));
    stranger.hearOut(node);
    const source = { sourceAddress: addressBytes('10.9.9.9'), sourcePort: 7946 };
    const answers = stranger.ask(ping('n1', { ...source, sourceNode: 's' }), node.address);
    assert.deepEqual(deadsIn(answers), [{ node: 's', incarnation: 1, from: told }]);
    assert.deepEqual(deadsIn(stranger.ask(ping('n1', { ...source, sourceNode: 'x' }), node.address)), []);
    const elsewhere = new Stranger(scene.world, helperAddress);
    assert.deepEqual(deadsIn(elsewhere.ask(ping('n1', { sourceNode: 's' }), node.address)), []);
  }
});

test('[12] an indirect ping is carried out, and its answer passed on without payload', () => {
  const { world, node, stranger } = new Scene();
  stranger.hearOut(node);
  const target = new Stranger(world, helperAddress);
  stranger.send(indirectPing(), node.address);
  world.run(5);
  const [received] = pingsIn(target.packets);
  assert.equal(received?.node, 'target');
  assert.equal(received?.sourceNode, 'n1');
  assert.deepEqual(received?.sourceAddress, addressBytes('10.0.0.1'));
  assert.equal(received?.sourcePort, 7946);
  target.send(encodeAck(received?.sequence ?? 0, Uint8Array.of(1, 2, 3)), node.address);
  world.run(5);
  assert.deepEqual(stranger.packets.map(ackIn).at(-1), { sequence: 77, payload: null });
  world.run(1_000);
  assert.equal(stranger.packets.filter(([type]) => type === 11).length, 0, 'no nack after the ack');
});

test('[13] after probeTimeout without an answer comes a nack, and then nothing more', () => {
  const { world, node, stranger } = new Scene();
  const target = new Stranger(world, helperAddress);
  stranger.send(indirectPing(), node.address);
  world.run(499);
  assert.equal(nacks(stranger.packets), 0);
  world.run(10);
  assert.equal(nacks(stranger.packets), 1);
  const [received] = pingsIn(target.packets);
  const before = stranger.packets.length;
  target.send(encodeAck(received?.sequence ?? 0, null), node.address);
  world.run(50);
  assert.equal(stranger.packets.length, before);
});

test('[13] who does not ask for a nack gets none', () => {
  const { world, node, stranger } = new Scene();
  stranger.send(indirectPing({ nack: false }), node.address);
  world.run(1_000);
  assert.equal(nacks(stranger.packets), 0);
});

test('an indirect ping to port 0 goes to the own port', () => {
  const { world, node, stranger } = new Scene();
  const target = new Stranger(world, helperAddress);
  stranger.ask(indirectPing({ port: 0 }), node.address);
  assert.equal(pingsIn(target.packets).length, 1);
});

test('only so many indirect pings are carried out at once', () => {
  const limits = { ...new Scene().node.config.limits, indirectProbesMax: 2 };
  const { world, node, stranger } = new Scene({ config: { limits } });
  for (let sequence = 1; sequence <= 3; sequence++) stranger.send(indirectPing({ sequence }), node.address);
  world.run(600);
  assert.equal(nacks(stranger.packets), 2);
  assert.equal(node.logged('Too many indirect pings').length, 1);
  stranger.send(indirectPing(), node.address);
  world.run(600);
  assert.equal(nacks(stranger.packets), 3, 'afterwards there is room again');
});

test('whose answer has been passed on makes room for the next indirect ping', () => {
  const limits = { ...new Scene().node.config.limits, indirectProbesMax: 1 };
  const { world, node, stranger } = new Scene({ config: { limits } });
  const target = new Stranger(world, helperAddress);
  target.answersPings = true;
  for (const sequence of [1, 2, 3]) stranger.ask(indirectPing({ sequence }), node.address);
  assert.deepEqual(node.logged('Too many indirect pings'), []);
  assert.equal(pingsIn(target.packets).length, 3);
});

test('answers that cannot be sent are one log line a second, however many there are', () => {
  const { world, node, stranger } = new Scene();
  const unreachable = ping('n1', { sourceAddress: addressBytes('2001:db8::1'), sourcePort: 7946 });
  stranger.send(compound(Array.from({ length: 200 }, () => unreachable)), node.address);
  world.run(500);
  const [line, ...more] = node.logged('Failed to send ack');
  assert.match(line ?? '', /^\[ERR\] memberlist: Failed to send ack: write udp .* from=10\.9\.9\.9:7946$/);
  assert.deepEqual(more, []);
  world.run(1_000);
  stranger.send(unreachable, node.address);
  world.run(10);
  assert.equal(node.logged('Failed to send ack').length, 2);
});

test('several pings in a packet get an answer each', () => {
  const { node, stranger } = new Scene();
  const pings = [1, 2, 3].map((sequence) => ping('n1', { sequence }));
  const answers = stranger.ask(compound([...pings, alive('x', 1)]), node.address);
  assert.deepEqual(answers.map((answer) => ackIn(answer)?.sequence).sort(), [1, 2, 3]);
});

function nacks(packets: readonly Uint8Array[]): number {
  return packets.flatMap(messagesIn).filter(([type]) => type === 11).length;
}
