// What the virtual world adds to the contract: seeds, crashes, faults, names, files that outlive a process.

import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { readTranscript } from '@reeve/golden';
import type { AppendFile, DiskError, NetworkError } from '@reeve/runtime';
import { SeededRandom, VirtualWorld } from '@reeve/runtime/virtual';
import { answer, bindPackets, dial, listen } from './virtual-kit.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const port = 7946;

/** Two machines that gossip by chance for a while; what they saw and when. */
function story(seed: number): string {
  const world = new VirtualWorld({ seed });
  const [a, b] = [world.host('a'), world.host('b')];
  const seen: string[] = [];
  const { socket } = bindPackets(world, a);
  bindPackets(world, b);
  const { accepted } = listen(world, b);
  world.network.onPacket((packet) => seen.push(`${world.now} ${packet}`));
  const gossip = () => {
    socket.send(a.runtime.random.bytes(3), { host: b.ip, port });
    a.runtime.timers.after(a.runtime.random.below(10), gossip);
  };
  gossip();
  dial(a, { host: b.ip, port }).stream.write(new Uint8Array(100_000));
  world.run(200);
  return `${seen} ${accepted[0]?.chunks}`;
}

test('the same seed gives the same run, another seed another', () => {
  strictEqual(story(1), story(1));
  ok(story(1) !== story(2));
  ok(story(2 ** 40) !== story(2 ** 41));
});

test('time only moves inside run, and stops exactly where it was told to', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { timers, clock } = world.host('a').runtime;
  const fired: number[] = [];
  timers.after(10, () => fired.push(clock.now()));
  timers.after(10.5, () => fired.push(clock.now()));
  deepStrictEqual([world.now, fired], [0, []]);
  world.run(10);
  deepStrictEqual([world.now, fired], [10, [10]]);
  world.run(90);
  deepStrictEqual([world.now, fired], [100, [10, 10.5]]);
});

test('runUntil stops at the event that makes its condition true', () => {
  const world = new VirtualWorld({ seed: 1 });
  let fired = 0;
  for (const delayMs of [5, 5, 7]) world.host('a').runtime.timers.after(delayMs, () => fired++);
  deepStrictEqual([world.runUntil(() => fired === 1, 100), world.now, fired], [true, 5, 1]);
  deepStrictEqual([world.runUntil(() => fired === 9, 100), world.now, fired], [false, 105, 3]);
});

test('a timer that re-arms itself without delay is found out', () => {
  const world = new VirtualWorld({ seed: 1 });
  const { timers } = world.host('a').runtime;
  const again = () => timers.after(0, again);
  again();
  throws(() => world.run(1), /virtual time stands still at 0 ms/);
});

test('what a callback throws comes out of run', () => {
  const world = new VirtualWorld({ seed: 1 });
  world.host('a').runtime.timers.after(5, () => {
    throw new Error('our bug');
  });
  throws(() => world.run(10), /our bug/);
});

test('a packet travels for the latency and up to half of it more', () => {
  const world = new VirtualWorld({ seed: 1, latencyMs: 10 });
  const [a, b] = [bindPackets(world, world.host('a')), bindPackets(world, world.host('b'))];
  const took: number[] = [];
  for (let round = 0; round < 200; round++) {
    const sentAt = world.now;
    b.received.length = 0;
    a.socket.send(bytes(1), b.socket.local);
    world.runUntil(() => b.received.length > 0, 100);
    took.push(world.now - sentAt);
  }
  ok(Math.min(...took) >= 10 && Math.min(...took) < 10.5);
  ok(Math.max(...took) <= 15 && Math.max(...took) > 14.5);
});

test('without latency packets arrive in the order in which they were sent', () => {
  const world = new VirtualWorld({ seed: 1, latencyMs: 0 });
  const [a, b] = [bindPackets(world, world.host('a')), bindPackets(world, world.host('b'))];
  for (let number = 0; number < 100; number++) a.socket.send(bytes(number), b.socket.local);
  world.run(0);
  deepStrictEqual(
    b.received,
    Array.from({ length: 100 }, (_, number) => `10.0.0.1:7946 ${number}`),
  );
});

test('refusals have the words of the captured programs', () => {
  const world = new VirtualWorld({ seed: 1 });
  const host = world.host('127.0.7.32');
  listen(world, host);
  bindPackets(world, host);
  const captured = readTranscript('agent/err-bind-in-use').stdout.trim().split('port 7946: ')[1];
  throws(() => listen(world, host), { message: captured, code: 'EADDRINUSE' });
  throws(() => bindPackets(world, host), { message: captured?.replace('tcp', 'udp') });
  const refused = dial(host, { host: '127.0.7.99', port });
  world.host('127.0.7.99');
  world.run(100);
  const joinFailure = readTranscript('cli/join-fail').stdout;
  ok(joinFailure.includes(`127.0.7.99: ${refused.events[0]}`), refused.events[0]);
});

test('a wildcard address takes its port on all addresses, another address does not', () => {
  const world = new VirtualWorld({ seed: 1 });
  const host = world.host('10.0.0.1');
  listen(world, host);
  throws(() => listen(world, host, { host: '0.0.0.0' }), { code: 'EADDRINUSE' });
  listen(world, host, { host: '127.0.0.1' });
  bindPackets(world, host, { host: '0.0.0.0' });
  throws(() => bindPackets(world, host), { code: 'EADDRINUSE' });
  throws(() => bindPackets(world, host, { host: '10.0.0.2' }), { code: 'EADDRNOTAVAIL' });
});

test('a machine reaches itself by loopback, and others do not', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const { accepted } = listen(world, a, { host: '127.0.0.1' });
  const own = dial(a, { host: '127.0.0.1', port });
  const foreign = dial(b, { host: '127.0.0.1', port });
  const outside = dial(b, { host: a.ip, port });
  world.run(100);
  deepStrictEqual(
    accepted.map(({ stream }) => stream.remote.host),
    ['127.0.0.1'],
  );
  deepStrictEqual(own.events, ['open']);
  deepStrictEqual(foreign.events, ['dial tcp 127.0.0.1:7946: connect: connection refused']);
  deepStrictEqual(outside.events, ['dial tcp 10.0.0.1:7946: connect: connection refused']);
});

test('machines may have IPv6 addresses, which IPv4 machines do not reach', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b, c] = [world.host('fd00::1'), world.host('fd00::2'), world.host('10.0.0.1')];
  const received = bindPackets(world, b).received;
  bindPackets(world, a).socket.send(bytes(1), { host: 'fd00::2', port });
  listen(world, b);
  const reached = dial(a, { host: b.ip, port });
  const unreached = dial(c, { host: b.ip, port });
  world.run(100);
  deepStrictEqual(received, ['fd00::1:7946 1']);
  deepStrictEqual(reached.events, ['open']);
  deepStrictEqual(unreached.events, ['dial tcp [fd00::2]:7946: connect: network is unreachable']);
});

test('a socket bound to 0.0.0.0 speaks IPv6 too, as the original does by default', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('fd00::1'), world.host('fd00::2')];
  const [from, to] = [a, b].map((host) => bindPackets(world, host, { host: '0.0.0.0' }));
  from?.socket.send(bytes(1), { host: b.ip, port });
  world.run(10);
  deepStrictEqual(to?.received, ['fd00::1:7946 1']);
});

test('dialled streams have source ports of their own', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const { accepted } = listen(world, b);
  for (let count = 0; count < 20; count++) dial(a, { host: b.ip, port });
  world.run(100);
  strictEqual(new Set(accepted.map(({ stream }) => stream.remote.port)).size, 20);
});

test('names resolve by the table, where hosts made by name are entered', () => {
  const world = new VirtualWorld({ seed: 1 });
  const resolve = (name: string) =>
    answer<readonly string[], NetworkError>(world, (done) =>
      world.host('a').runtime.network.resolve(name, done),
    );
  strictEqual(world.host('web1'), world.host('web1'));
  strictEqual(world.host(world.host('web1').ip), world.host('web1'));
  deepStrictEqual(resolve('web1'), [world.host('web1').ip]);
  world.network.names.set('all.example', ['10.0.0.1', 'fd00::1']);
  deepStrictEqual(resolve('all.example'), ['10.0.0.1', 'fd00::1']);
  throws(() => resolve('none.example'), { message: 'lookup none.example: no such host', code: 'ENOTFOUND' });
});

test('the private address is that of the machine, where the original would advertise it', () => {
  const world = new VirtualWorld({ seed: 1 });
  const advertised = (ip: string) => world.host(ip).runtime.network.privateAddress() === ip;
  const yes = [
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.0.1',
    '198.19.0.1',
  ];
  const no = [
    '8.8.8.8',
    '172.32.0.1',
    '172.15.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '192.0.2.1',
    '100.128.0.1',
    '11.0.0.1',
  ];
  deepStrictEqual(
    yes.filter((ip) => !advertised(ip)),
    [],
  );
  deepStrictEqual(no.filter(advertised), []);
  const yes6 = ['fd00::2', 'fc00::1', '2001:4860::1', '2002::1', '64:ff9b::102:304'];
  const no6 = ['fe80::1', '::1', '2001:db8::1', '2001:10::5', '2a00::1', 'fe00::1'];
  deepStrictEqual(
    yes6.filter((ip) => !advertised(ip)),
    [],
  );
  deepStrictEqual(no6.filter(advertised), []);
});

test('dropped packets are seen by watchers, but by nobody else', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [bindPackets(world, world.host('a')), bindPackets(world, world.host('b'))];
  const seen: string[] = [];
  const stopWatching = world.network.onPacket((packet, from, to) =>
    seen.push(`${from.host} ${to.host} ${packet}`),
  );
  const stopDropping = world.network.dropPackets((packet) => packet[0] === 1);
  const send = (...values: number[]) => {
    for (const value of values) {
      a.socket.send(bytes(value), b.socket.local);
      world.run(10);
    }
  };
  send(1, 2);
  stopDropping();
  send(1);
  stopWatching();
  send(3);
  deepStrictEqual(seen, ['10.0.0.1 10.0.0.2 1', '10.0.0.1 10.0.0.2 2', '10.0.0.1 10.0.0.2 1']);
  deepStrictEqual(b.received, ['10.0.0.1:7946 2', '10.0.0.1:7946 1', '10.0.0.1:7946 3']);
});

test('a machine with blocked packets still has its streams', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const [fromA, fromB] = [bindPackets(world, a), bindPackets(world, b)];
  listen(world, b);
  const exchange = () => {
    fromA.socket.send(bytes(1), fromB.socket.local);
    fromB.socket.send(bytes(2), fromA.socket.local);
    world.run(10);
    return [fromA.received.splice(0).length, fromB.received.splice(0).length];
  };
  b.blockPackets();
  deepStrictEqual(exchange(), [0, 0]);
  const stream = dial(a, { host: b.ip, port });
  world.run(10);
  deepStrictEqual(stream.events, ['open']);
  b.unblockPackets();
  deepStrictEqual(exchange(), [1, 1]);
  b.blockPackets();
  world.network.heal();
  deepStrictEqual(exchange(), [1, 1]);
  b.blockPackets();
  deepStrictEqual(exchange(), [0, 0]);
});

test('a partition loses packets, lets dials time out, and holds streams up until it is healed', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b, c] = [world.host('a'), world.host('b'), world.host('c')];
  const sockets = [a, b, c].map((host) => bindPackets(world, host));
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(20);
  const heal = world.network.partition(a, [b]);
  for (const { socket } of sockets) for (const { ip } of [a, b, c]) socket.send(bytes(1), { host: ip, port });
  stream.stream.write(new Uint8Array(1_000));
  stream.stream.end();
  const late = dial(a, { host: b.ip, port }, 300);
  world.run(1_000);
  deepStrictEqual(
    sockets.map(({ received }) => received.length),
    [2, 2, 3],
  );
  deepStrictEqual(late.events, ['dial tcp 10.0.0.2:7946: i/o timeout']);
  deepStrictEqual([accepted.length, accepted[0]?.bytes], [1, 0]);
  heal();
  world.run(1_000);
  deepStrictEqual([accepted.length, accepted[0]?.bytes, accepted[0]?.events], [1, 1_000, ['end']]);
});

test('a machine can be cut off from everybody', () => {
  const world = new VirtualWorld({ seed: 1 });
  const sockets = ['a', 'b', 'c'].map((name) => bindPackets(world, world.host(name)));
  world.network.partition(world.host('a'));
  for (const { socket } of sockets) {
    for (const other of sockets) socket.send(bytes(1), other.socket.local);
  }
  world.run(10);
  deepStrictEqual(
    sockets.map(({ received }) => received.length),
    [1, 2, 2],
  );
});

test('what is written to streams can be watched write by write', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const { accepted } = listen(world, b);
  const seen: string[] = [];
  world.network.onStreamBytes((written, from, to) =>
    seen.push(`${from.host} ${to.host}:${to.port} ${written}`),
  );
  const stream = dial(a, { host: b.ip, port });
  stream.stream.write(bytes(1, 2));
  world.run(20);
  accepted[0]?.stream.write(bytes(3));
  deepStrictEqual(seen, [
    '10.0.0.1 10.0.0.2:7946 1,2',
    `10.0.0.2 10.0.0.1:${accepted[0]?.stream.remote.port} 3`,
  ]);
});

test('chunks are cut differently by different seeds, across the borders of writes', () => {
  const cuts = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const world = new VirtualWorld({ seed });
    const { accepted } = listen(world, world.host('b'));
    const stream = dial(world.host('a'), { host: world.host('b').ip, port });
    for (let count = 0; count < 10; count++) stream.stream.write(new Uint8Array(100));
    world.run(100);
    strictEqual(accepted[0]?.bytes, 1_000);
    cuts.add(`${accepted[0]?.chunks}`);
  }
  ok(cuts.size > 3, `only ${cuts.size} ways to cut`);
});

test('a crashed process hears nothing more: no timer, packet, stream, answer or name', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const old = a.runtime;
  const { received } = bindPackets(world, a);
  const sender = bindPackets(world, b);
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(20);
  const heard: string[] = [];
  const hear = (what: string) => () => heard.push(what);
  old.timers.after(5, hear('timer'));
  old.network.resolve('b', hear('name'));
  old.disk.read('/x', 10, hear('disk'));
  old.network.listen(
    { host: a.ip, port: 1 },
    () => ({ onData() {}, onEnd() {}, onClosed() {} }),
    hear('listen'),
  );
  sender.socket.send(bytes(1), { host: a.ip, port });
  accepted[0]?.stream.write(bytes(1));
  a.crash();
  stream.events.length = 0;
  world.run(1_000);
  deepStrictEqual([heard, received, stream.events, stream.bytes], [[], [], [], 0]);
});

test('a dead process sends nothing either', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  const old = a.runtime;
  const { socket } = bindPackets(world, a);
  const receiver = bindPackets(world, b);
  const { accepted } = listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(20);
  a.crash();
  socket.send(bytes(1), receiver.socket.local);
  stream.stream.write(bytes(1));
  old.network.dial({ host: b.ip, port }, 100, { onData() {}, onEnd() {}, onClosed() {} });
  old.log('info', 'a ghost');
  world.run(1_000);
  deepStrictEqual([receiver.received, accepted.length, accepted[0]?.bytes, a.logLines], [[], 1, 0, []]);
});

test('the streams of a crashed process are reset, and its ports refuse', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  listen(world, b);
  const stream = dial(a, { host: b.ip, port });
  world.run(20);
  b.crash();
  const late = dial(a, { host: b.ip, port });
  world.run(20);
  const failure = stream.events[1] ?? '';
  ok(/^read tcp 10\.0\.0\.1:\d+->10\.0\.0\.2:7946: read: connection reset by peer$/.test(failure), failure);
  deepStrictEqual(late.events, ['dial tcp 10.0.0.2:7946: connect: connection refused']);
});

test('a restarted process has its ports and files again', () => {
  const world = new VirtualWorld({ seed: 1 });
  const [a, b] = [world.host('a'), world.host('b')];
  bindPackets(world, a);
  a.files.write('/data/snapshot', bytes(1, 2));
  a.crash();
  const restarted = bindPackets(world, a);
  bindPackets(world, b).socket.send(bytes(7), restarted.socket.local);
  world.run(10);
  deepStrictEqual(restarted.received, ['10.0.0.2:7946 7']);
  const read = answer<Uint8Array, DiskError>(world, (done) =>
    a.runtime.disk.read('/data/snapshot', 10, done),
  );
  deepStrictEqual(read, bytes(1, 2));
});

test('a power cut loses what was not synced, as much of it as the test wants', () => {
  for (const [keepUnsyncedBytes, left] of [
    [undefined, [1, 2, 3, 4]],
    [0, [1, 2]],
    [1, [1, 2, 3]],
    [9, [1, 2, 3, 4]],
  ] as const) {
    const world = new VirtualWorld({ seed: 1 });
    const host = world.host('a');
    const { disk } = host.runtime;
    const file = answer<AppendFile, DiskError>(world, (done) => disk.openAppend('/log', 0o600, done));
    answer<void, DiskError>(world, (done) => file.append(bytes(1, 2), done));
    answer<void, DiskError>(world, (done) => file.sync(done));
    answer<void, DiskError>(world, (done) => file.append(bytes(3, 4), done));
    answer<void, DiskError>(world, (done) => disk.replace('/whole', bytes(5), 0o600, done));
    host.crash(keepUnsyncedBytes === undefined ? {} : { keepUnsyncedBytes });
    deepStrictEqual([host.files.read('/log'), host.files.read('/whole')], [Uint8Array.from(left), bytes(5)]);
  }
});

test('a disk can be made to fail, call by call', () => {
  const world = new VirtualWorld({ seed: 1 });
  const host = world.host('a');
  const { disk } = host.runtime;
  const file = answer<AppendFile, DiskError>(world, (done) => disk.openAppend('/log', 0o600, done));
  host.files.fault = (call) => (call === 'write' ? 'ENOSPC' : undefined);
  const full = { code: 'ENOSPC', message: 'write /log: no space left on device' };
  throws(() => answer<void, DiskError>(world, (done) => file.append(bytes(1), done)), full);
  const beside = { message: 'write /log: no space left on device' };
  throws(() => answer<void, DiskError>(world, (done) => disk.replace('/log', bytes(1), 0o600, done)), beside);
  deepStrictEqual([host.files.read('/log'), host.files.paths], [bytes(), ['/log']]);
  host.files.fault = (call) => (call === 'rename' ? 'EACCES' : undefined);
  const renamed = { message: 'rename /log: permission denied' };
  throws(
    () => answer<void, DiskError>(world, (done) => disk.replace('/log', bytes(1), 0o600, done)),
    renamed,
  );
});

test('log lines and numbers of a process can be read by its test', () => {
  const host = new VirtualWorld({ seed: 1 }).host('a');
  const { log, metrics } = host.runtime;
  log('warn', 'memberlist: Refuting a suspect message (from: web1)');
  log('err', 'serf: no');
  metrics.count('memberlist.msg.alive', 1);
  metrics.count('memberlist.msg.alive', 2);
  metrics.gauge('serf.queue', 5);
  metrics.sample('memberlist.gossip', 1.5);
  deepStrictEqual(host.logLines, [
    '[WARN] memberlist: Refuting a suspect message (from: web1)',
    '[ERR] serf: no',
  ]);
  deepStrictEqual([...host.counters], [['memberlist.msg.alive', 3]]);
  deepStrictEqual([...host.gauges], [['serf.queue', 5]]);
  deepStrictEqual([...host.samples], [['memberlist.gossip', [1.5]]]);
});

test('what a test keeps of a talkative process is bounded', () => {
  const host = new VirtualWorld({ seed: 1 }).host('a');
  for (let line = 0; line < 10_100; line++) {
    host.runtime.log('debug', `line ${line}`);
    host.runtime.metrics.sample('sample', line);
  }
  deepStrictEqual([host.logLines.length, host.logLines[0]], [10_000, '[DEBUG] line 100']);
  deepStrictEqual([host.samples.get('sample')?.length, host.samples.get('sample')?.[0]], [1_000, 9_100]);
});

test('a seeded generator repeats itself, and its forks are others', () => {
  const draws = (random: SeededRandom) => Array.from({ length: 5 }, () => random.below(1_000_000));
  deepStrictEqual(draws(new SeededRandom(7)), draws(new SeededRandom(7)));
  const parent = new SeededRandom(7);
  const [first, second] = [draws(parent.fork()), draws(parent.fork())];
  ok(String(first) !== String(second));
  deepStrictEqual(draws(new SeededRandom(7).fork()), first);
});
