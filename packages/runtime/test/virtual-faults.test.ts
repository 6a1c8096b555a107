// Faults of the virtual world that a network or a scheduler brings: slow, repeated, one-way, blocked.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type VirtualHost, VirtualWorld } from '@reeve/runtime/virtual';
import { bindPackets, dial, listen } from './virtual-kit.ts';

const port = 7946;

/** Two machines with bound sockets in a world whose packets take exactly a millisecond. */
function pair() {
  const world = new VirtualWorld({ seed: 1 });
  world.network.latency = () => 1;
  const [a, b] = [world.host('a'), world.host('b')];
  const [fromA, fromB] = [bindPackets(world, a), bindPackets(world, b)];
  const send = (value: number) => fromA.socket.send(Uint8Array.of(value), fromB.socket.local);
  const sendBack = (value: number) => fromB.socket.send(Uint8Array.of(value), fromA.socket.local);
  const heardByB = () => fromB.received.splice(0).map((line) => Number(line.split(' ')[1]));
  const heardByA = () => fromA.received.splice(0).map((line) => Number(line.split(' ')[1]));
  return { world, a, b, send, sendBack, heardByA, heardByB };
}

/** When each of these timers fires on a machine. */
function setTimers(host: VirtualHost, ...delaysMs: readonly number[]): readonly number[] {
  const firedAt: number[] = [];
  for (const delayMs of delaysMs) {
    host.runtime.timers.after(delayMs, () => firedAt.push(host.runtime.clock.now()));
  }
  return firedAt;
}

test('shapers delay, repeat and lose datagrams, one after the other', () => {
  const { world, send, heardByB } = pair();
  const stop = world.network.shapePackets((travelMs) => travelMs.map((ms) => ms + 5));
  world.network.shapePackets((travelMs) => [...travelMs, ...travelMs.map((ms) => 2 * ms)]);
  send(1);
  world.run(6);
  deepStrictEqual(heardByB(), [1]);
  world.run(6);
  deepStrictEqual(heardByB(), [1]);
  stop();
  send(2);
  world.run(2);
  deepStrictEqual(heardByB(), [2, 2]);
  world.network.shapePackets(() => []);
  send(3);
  world.run(100);
  deepStrictEqual(heardByB(), []);
  world.network.heal();
  send(4);
  world.run(2);
  deepStrictEqual(heardByB(), [4]);
});

test('watchers are told what becomes of a datagram', () => {
  const { world, b, send } = pair();
  const seen: string[] = [];
  world.network.onPacket((packet, from, to, travelMs) =>
    seen.push(`${packet} ${from.host}>${to.host} ${travelMs}`),
  );
  send(1);
  const repeat = world.network.shapePackets(([ms = 0]) => [ms, 9]);
  send(2);
  repeat();
  world.network.partition(b);
  send(3);
  deepStrictEqual(seen, ['1 10.0.0.1>10.0.0.2 1', '2 10.0.0.1>10.0.0.2 1,9', '3 10.0.0.1>10.0.0.2 ']);
});

test('latency can differ from way to way, for packets and streams', () => {
  const { world, a, b, send, sendBack, heardByA, heardByB } = pair();
  world.network.latency = (from) => (from === a.ip ? 100 : 10);
  send(1);
  sendBack(2);
  world.run(10);
  deepStrictEqual([heardByB(), heardByA()], [[], [2]]);
  world.run(90);
  deepStrictEqual(heardByB(), [1]);
  listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(109);
  deepStrictEqual(stream.events, []);
  world.run(1);
  deepStrictEqual(stream.events, ['open']);
});

test('a cut loses packets one way only', () => {
  const { world, a, b, send, sendBack, heardByA, heardByB } = pair();
  const heal = world.network.cut(a, [b]);
  send(1);
  sendBack(2);
  world.run(10);
  deepStrictEqual([heardByB(), heardByA()], [[], [2]]);
  deepStrictEqual([world.network.separated(a.ip, b.ip), world.network.separated(b.ip, a.ip)], [true, false]);
  heal();
  send(3);
  world.run(10);
  deepStrictEqual(heardByB(), [3]);
});

test('a cut holds up one direction of a stream, and so every new one', () => {
  const { world, a, b } = pair();
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(10);
  const heal = world.network.cut(b, [a]);
  stream.stream.write(new Uint8Array(10));
  accepted[0]?.stream.write(new Uint8Array(20));
  const late = dial(a, { host: b.ip, port }, 300);
  world.run(1_000);
  deepStrictEqual([accepted[0]?.bytes, stream.bytes], [10, 0]);
  deepStrictEqual(late.events, ['dial tcp 10.0.0.2:7946: i/o timeout']);
  heal();
  world.run(1_000);
  strictEqual(stream.bytes, 20);
});

test('a blocked process neither runs nor receives; what waited for it comes afterwards, in order', () => {
  const { world, b, send, heardByB } = pair();
  const firedAt = setTimers(b, 5, 50, 150);
  world.run(10);
  b.block(90);
  send(1);
  world.run(20);
  send(2);
  ok(b.isBlocked);
  deepStrictEqual([firedAt, heardByB()], [[5], []]);
  world.run(70);
  deepStrictEqual(
    [firedAt, heardByB()],
    [
      [5, 100],
      [1, 2],
    ],
  );
  ok(!b.isBlocked);
  world.run(100);
  deepStrictEqual(firedAt, [5, 100, 150]);
});

test('a process that is blocked again before it has run on stays blocked until the later end', () => {
  const { world, b } = pair();
  const firedAt = setTimers(b, 1);
  b.block(10);
  b.block(50);
  world.run(5);
  b.block(10);
  world.run(100);
  deepStrictEqual(firedAt, [50]);
});

test('a timer that came due while its process was blocked can still be cancelled', () => {
  const { world, b, send } = pair();
  const fired: string[] = [];
  const { timers } = b.runtime;
  timers.after(1, () => due.cancel());
  const due = timers.after(2, () => fired.push('cancelled'));
  b.block(10);
  send(1);
  world.run(100);
  deepStrictEqual(fired, []);
});

test('of what is sent to a blocked process its machine keeps no more than a socket holds', () => {
  const { world, b, send, heardByB } = pair();
  b.block(1_000);
  for (let count = 0; count < 1_000; count++) send(count % 256);
  world.run(2_000);
  strictEqual(heardByB().length, 256);
});

test('the machine of a blocked process accepts streams, which nobody answers until it runs', () => {
  const { world, a, b } = pair();
  const { accepted } = listen(world, b);
  b.block(500);
  const stream = dial(a, { host: b.ip, port }, 100);
  stream.stream.write(new Uint8Array(10));
  world.run(400);
  deepStrictEqual([stream.events, accepted.length], [['open'], 0]);
  world.run(200);
  deepStrictEqual([accepted.length, accepted[0]?.bytes], [1, 10]);
});

test('a process that was blocked for longer than it waits for a stream drops it, and both sides know', () => {
  const { world, a, b } = pair();
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port }, 100);
  a.block(500);
  world.run(5);
  strictEqual(accepted.length, 1);
  world.run(1_000);
  deepStrictEqual(stream.events, ['open']);

  world.network.latency = () => 60;
  const slow = dial(a, { host: b.ip, port }, 100);
  a.block(500);
  world.run(1_000);
  deepStrictEqual(slow.events, ['dial tcp 10.0.0.2:7946: i/o timeout']);
  deepStrictEqual(accepted[1]?.events, ['end']);
});

test('a reset that reaches a blocked process is told when it runs', () => {
  const { world, a, b } = pair();
  listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(10);
  a.block(100);
  b.crash();
  world.run(50);
  deepStrictEqual(stream.events, ['open']);
  world.run(100);
  ok(stream.events[1]?.endsWith('connection reset by peer'));
});

test('a blocked process that crashes never hears what waited', () => {
  const { world, b, send, heardByB } = pair();
  const firedAt = setTimers(b, 1);
  b.block(100);
  send(1);
  world.run(10);
  b.crash();
  world.run(1_000);
  deepStrictEqual([firedAt, heardByB(), b.isBlocked], [[], [], false]);
});

test('a process cut off from its messages goes on; what it sent and was sent passes afterwards', () => {
  const { world, b, send, sendBack, heardByA, heardByB } = pair();
  const firedAt = setTimers(b, 50);
  b.blockMessages(90);
  send(1);
  sendBack(2);
  world.run(60);
  deepStrictEqual([firedAt, heardByA(), heardByB()], [[50], [], []]);
  b.blockMessages(10);
  world.run(40);
  deepStrictEqual([heardByA(), heardByB()], [[2], [1]]);
  send(3);
  sendBack(4);
  world.run(10);
  deepStrictEqual([heardByA(), heardByB()], [[4], [3]]);
});

test('if it stops at a send, timers go on until then, and are told before what came meanwhile', () => {
  const { world, b, send, sendBack, heardByA, heardByB } = pair();
  const firedAt = setTimers(b, 10, 30);
  let heardByThen: readonly number[] | undefined;
  b.runtime.timers.after(20, () => sendBack(1));
  b.runtime.timers.after(30, () => {
    heardByThen = heardByB();
  });
  b.blockMessages(90, { stopsAtSend: true });
  send(2);
  world.run(85);
  deepStrictEqual([firedAt, heardByA()], [[10], []]);
  world.run(10);
  deepStrictEqual([firedAt, heardByA(), heardByThen, heardByB()], [[10, 90], [1], [], [2]]);
});

test('its machine, too, keeps no more packets than a socket holds', () => {
  const { world, b, send, heardByB } = pair();
  b.blockMessages(1_000);
  for (let count = 0; count < 1_000; count++) send(count % 256);
  world.run(2_000);
  strictEqual(heardByB().length, 256);
});

test('a stream of a process cut off from its messages loses nothing, in neither direction', () => {
  const { world, a, b } = pair();
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(10);
  const [end] = accepted;
  ok(end);
  b.blockMessages(500);
  stream.stream.write(new Uint8Array(10));
  end.stream.write(new Uint8Array(20));
  end.stream.end();
  world.run(400);
  deepStrictEqual([end.bytes, stream.bytes, stream.events], [0, 0, ['open']]);
  world.run(200);
  deepStrictEqual([end.bytes, stream.bytes, stream.events], [10, 20, ['open', 'end']]);
});

test('a process that crashes while its messages wait has neither sent nor heard them', () => {
  const { world, b, sendBack, send, heardByA, heardByB } = pair();
  b.blockMessages(100);
  send(1);
  sendBack(2);
  world.run(10);
  b.crash();
  world.run(1_000);
  deepStrictEqual([heardByA(), heardByB()], [[], []]);
});

test('whoever watches a world is shown each time a process was told something, and which', () => {
  const { world, a, b, send } = pair();
  const ran: string[] = [];
  const stop = world.onRan((host) => ran.push(`${world.now - start} ${host.ip}`));
  const start = world.now;
  a.runtime.timers.after(5, () => {});
  send(1);
  b.block(3);
  world.run(10);
  stop();
  send(2);
  world.run(10);
  deepStrictEqual(ran, ['3 10.0.0.2', '5 10.0.0.1']);
});

test('a clock on the wall that jumps moves no timer, and stays where it is over a crash', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  let fired = 0;
  a.runtime.timers.after(10, () => fired++);
  a.jumpClock(3_600_000);
  world.run(5);
  strictEqual(a.runtime.clock.wallTime() - b.runtime.clock.wallTime(), 3_600_000);
  strictEqual(a.runtime.clock.now(), b.runtime.clock.now());
  strictEqual(fired, 0);
  world.run(5);
  strictEqual(fired, 1);
  a.jumpClock(-7_200_000);
  a.crash();
  strictEqual(a.runtime.clock.wallTime() - b.runtime.clock.wallTime(), -3_600_000);
});
