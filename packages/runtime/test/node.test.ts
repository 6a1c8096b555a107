// What only the Node runtime has to get right: this machine's addresses, files, processes and names.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { Socket as UdpSocket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type Server, Socket } from 'node:net';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { readTranscript } from '@reeve/golden';
import {
  type AppendFile,
  type DiskError,
  type Endpoint,
  endpointText,
  type Listener,
  type NetworkError,
  type PacketSocket,
  type Result,
  type Stream,
  silentLog,
} from '@reeve/runtime';
import {
  canonicalAddress,
  createDisk,
  createNodeRuntime,
  hostName,
  interfaceAddresses,
  privateAddress,
} from '@reeve/runtime/node';
import { passUntil } from './node-subject.ts';

const { network, disk } = createNodeRuntime({ log: silentLog });
let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reeve-node-'));
});
after(() => rm(directory, { recursive: true }));

const answer = <T, E>(start: (done: (result: Result<T, E>) => void) => void) =>
  new Promise<Result<T, E>>((done) => start(done));
const messageOf = <T, E extends Error>(result: Result<T, E>) =>
  result.ok ? 'no error' : result.error.message;
const resolve = (name: string) =>
  answer<readonly string[], NetworkError>((done) => network.resolve(name, done));

test('addresses are spelled in one way', () => {
  const spelled = [
    ['127.0.0.1', '127.0.0.1'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['FD00:0:0::0002', 'fd00::2'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['::', '::'],
    ['1.2.3', undefined],
    ['localhost', undefined],
    ['', undefined],
  ] as const;
  deepStrictEqual(
    spelled.map(([text]) => [text, canonicalAddress(text)]),
    spelled,
  );
});

test('an interface tells its addresses; one that is not there tells nothing', () => {
  ok(interfaceAddresses('lo')?.some(({ host, linkLocal }) => host === '127.0.0.1' && !linkLocal));
  for (const name of ['nope0', '', '..', 'a/b']) strictEqual(interfaceAddresses(name), undefined);
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const linkLocal = interfaceAddresses(name)?.filter((address) => address.linkLocal) ?? [];
    ok(linkLocal.every(({ host }) => host.startsWith('fe80:') || host.startsWith('169.254.')));
    strictEqual(interfaceAddresses(name)?.length, addresses?.length);
  }
});

test('after a stall, a packet that came in time is seen before the deadline it was to meet', async () => {
  const { timers } = createNodeRuntime({ log: silentLog });
  const happened: string[] = [];
  const at = { host: '127.0.0.1', port: 0 };
  const bound = await answer<PacketSocket, NetworkError>((done) =>
    network.bindPackets(at, () => happened.push('packet'), done),
  );
  ok(bound.ok);
  const socket = bound.value;
  timers.after(5, () => happened.push('deadline'));
  socket.send(new Uint8Array([1]), socket.local);
  const stalledUntilMs = performance.now() + 300; // a busy machine may deliver it late
  while (performance.now() < stalledUntilMs);
  ok(await passUntil(() => happened.length === 2, 20_000));
  socket.close();
  deepStrictEqual(happened, ['packet', 'deadline']);
});

test('the private address is one of this machine, if there is any', () => {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const address = privateAddress();
  ok(address === undefined || own.some((candidate) => candidate.address === address), address);
  strictEqual(hostName(), hostname());
});

test('a datagram that cannot be received is told, and the socket goes on', async (t) => {
  const [failures, packets]: [string[], string[]] = [[], []];
  let socket: UdpSocket | undefined;
  const seize = (message: unknown) => {
    socket = (message as { socket: UdpSocket }).socket;
  };
  subscribe('udp.socket', seize);
  const bound = await answer<PacketSocket, NetworkError>((done) =>
    network.bindPackets(
      { host: '127.0.0.1', port: 0 },
      (packet) => packets.push(`${packet}`),
      done,
      ({ message }) => failures.push(message),
    ),
  );
  unsubscribe('udp.socket', seize);
  if (!bound.ok) throw bound.error;
  t.after(() => bound.value.close());
  socket?.emit('error', Object.assign(new Error(), { code: 'ENOBUFS', syscall: 'recvmsg' }));
  deepStrictEqual(failures, [
    `read udp ${endpointText(bound.value.local)}: recvfrom: no buffer space available`,
  ]);
  bound.value.send(Uint8Array.of(7), bound.value.local);
  ok(await passUntil(() => packets.length === 1, 20_000));
});

test('a stream that cannot be accepted is told, and the listener goes on', async (t) => {
  const failures: string[] = [];
  const servers: Server[] = [];
  const seize = (message: unknown) => {
    const { server } = (message as { socket: Socket & { server: Server } }).socket;
    if (server !== null) servers.push(server);
  };
  const handler = { onData: () => {}, onEnd: () => {}, onClosed: () => {} };
  const listening = await answer<Listener, NetworkError>((done) =>
    network.listen(
      { host: '127.0.0.1', port: 0 },
      () => handler,
      done,
      ({ message }) => failures.push(message),
    ),
  );
  if (!listening.ok) throw listening.error;
  const listener = listening.value;
  const dialled: Stream[] = [];
  t.after(() => {
    for (const stream of dialled) stream.destroy();
    listener.close();
  });
  const dialAndSeize = async (count: number) => {
    dialled.push(network.dial(listener.local, 5_000, handler));
    ok(await passUntil(() => servers.length === count, 20_000));
  };
  subscribe('net.server.socket', seize);
  await dialAndSeize(1);
  servers[0]?.emit('error', Object.assign(new Error(), { code: 'ENFILE', syscall: 'accept' }));
  await dialAndSeize(2);
  unsubscribe('net.server.socket', seize);
  deepStrictEqual(failures, [
    `accept tcp ${endpointText(listener.local)}: accept4: too many open files in system`,
  ]);
});

for (const isKnown of [true, false]) {
  const how = isKnown ? 'into one place' : 'all the same where the system has no such way';
  test(`an accepted stream is read ${how}`, async (t) => {
    if (!isKnown) hideUserBuffers(t);
    let socket: Socket | undefined;
    const seize = (message: unknown) => {
      const accepted = (message as { socket: Socket & { server: Server | null } }).socket;
      if (accepted.server !== null) socket = accepted;
    };
    let heard = '';
    const onData = (chunk: Uint8Array) => {
      heard += `${Buffer.from(chunk)}`;
    };
    const handler = { onData, onEnd: () => {}, onClosed: () => {} };
    const listening = await answer<Listener, NetworkError>((done) =>
      network.listen({ host: '127.0.0.1', port: 0 }, () => handler, done),
    );
    if (!listening.ok) throw listening.error;
    subscribe('net.server.socket', seize);
    const dialled = network.dial(listening.value.local, 5_000, handler);
    t.after(() => {
      dialled.destroy();
      socket?.destroy();
      listening.value.close();
    });
    dialled.write(Buffer.from('all of it'));
    ok(await passUntil(() => heard === 'all of it', 20_000));
    unsubscribe('net.server.socket', seize);
    strictEqual(socket?.listenerCount('data'), isKnown ? 0 : 1);
  });
}

/** As in a program that is not Node. */
function hideUserBuffers(t: TestContext): void {
  const socket = new Socket().connect({ port: 1, host: '127.0.0.1' }).on('error', () => {});
  let inside = (socket as unknown as { _handle: object })._handle;
  while (!Object.hasOwn(inside, 'useUserBuffer')) inside = Object.getPrototypeOf(inside);
  const known = Reflect.get(inside, 'useUserBuffer');
  Reflect.set(inside, 'useUserBuffer', undefined);
  t.after(() => Reflect.set(inside, 'useUserBuffer', known));
}

const loopback = interfaceAddresses('lo')?.map(({ host }) => host) ?? [];

for (const host of loopback.includes('::1') ? ['0.0.0.0', '::'] : ['0.0.0.0']) {
  test(`a socket bound to ${host} hears both families by their addresses and answers them`, async (t) => {
    const received: string[] = [];
    const bind = async (at: string) => {
      const onPacket = (packet: Uint8Array, from: Endpoint) =>
        received.push(`${endpointText(from)} ${packet}`);
      const bound = await answer<PacketSocket, NetworkError>((done) =>
        network.bindPackets({ host: at, port: 0 }, onPacket, done),
      );
      if (!bound.ok) throw bound.error;
      t.after(() => bound.value.close());
      return bound.value;
    };
    const all = await bind(host);
    strictEqual(all.local.host, host);
    for (const peerHost of loopback) {
      const peer = await bind(peerHost);
      const to = { host: peerHost, port: all.local.port };
      received.length = 0;
      peer.send(Uint8Array.of(1), to);
      ok(await passUntil(() => received.length === 1, 20_000));
      all.send(Uint8Array.of(2), peer.local);
      ok(await passUntil(() => received.length === 2, 20_000));
      deepStrictEqual(received, [`${endpointText(peer.local)} 1`, `${endpointText(to)} 2`]);
    }
  });

  test(`a listener bound to ${host} shows diallers of both families by their address`, async (t) => {
    const remotes: string[] = [];
    const handler = { onData() {}, onEnd() {}, onClosed() {} };
    const accept = (stream: Stream) => {
      remotes.push(stream.remote.host);
      stream.destroy();
      return handler;
    };
    const listening = await answer<Listener, NetworkError>((done) =>
      network.listen({ host, port: 0 }, accept, done),
    );
    ok(listening.ok);
    t.after(() => listening.value.close());
    const { port } = listening.value.local;
    const streams = loopback.map((to) => network.dial({ host: to, port }, 5_000, handler));
    t.after(() => streams.map((stream) => stream.destroy()));
    ok(await passUntil(() => remotes.length === loopback.length, 20_000));
    deepStrictEqual(remotes.sort(), [...loopback].sort());
  });
}

test('a dialled stream does not hold back what is written until something earlier is confirmed', async () => {
  let arrived = 0;
  let onBoth = (): void => {};
  const accept = (stream: Stream) => {
    const onData = (chunk: Uint8Array): void => {
      arrived += chunk.length;
      if (arrived % 2 === 0) stream.write(Uint8Array.of(0));
    };
    return { onData, onEnd: () => stream.end(), onClosed: () => {} };
  };
  const listening = await answer<Listener, NetworkError>((done) =>
    network.listen({ host: '127.0.0.1', port: 0 }, accept, done),
  );
  if (!listening.ok) throw listening.error;
  const stream = network.dial(listening.value.local, 5_000, {
    onData: () => onBoth(),
    onEnd() {},
    onClosed() {},
  });
  const tookMs: number[] = [];
  for (let round = 0; round < 40; round++) {
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      onBoth = resolve;
      stream.write(Uint8Array.of(1));
      setImmediate(() => stream.write(Uint8Array.of(2)));
    });
    tookMs.push(performance.now() - startMs);
  }
  stream.destroy();
  listening.value.close();
  tookMs.sort((a, b) => a - b);
  ok((tookMs[20] ?? 0) < 20, `it took ${tookMs[20]} ms; Linux confirms within 40`);
});

test('an unknown name fails in the words of the captured program', async () => {
  const captured = readTranscript('agent/err-bind-hostname').stdout.trim().split('bind address: ')[1] ?? '';
  const [start = '', end = ''] = captured.split('<dns-server>');
  const failed = await resolve('no-such-host.invalid');
  const message = messageOf(failed);
  ok(message.startsWith(start), message);
  const isUnanswered = !failed.ok && failed.error.code === 'EAI_AGAIN';
  ok(message.endsWith(isUnanswered ? ':53: server misbehaving' : end), message);
});

test('more lookups than run at a time are all answered', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => resolve('localhost')));
  ok(results.every((result) => result.ok && result.value.length > 0));
});

test('a new file has the mode asked for, also in place of an older one', async () => {
  const path = join(directory, 'keyring');
  await writeFile(path, 'old', { mode: 0o644 });
  ok((await answer<void, DiskError>((done) => disk.replace(path, Uint8Array.of(65), 0o600, done))).ok);
  strictEqual((await stat(path)).mode & 0o777, 0o600);
  strictEqual(await readFile(path, 'utf8'), 'A');
  const opened = await answer<AppendFile, DiskError>((done) =>
    disk.openAppend(join(directory, 'appended'), 0o600, done),
  );
  ok(opened.ok);
  await answer<void, DiskError>((done) => opened.value.close(done));
  strictEqual((await stat(join(directory, 'appended'))).mode & 0o777, 0o600);
});

test('of replacements by several processes at once one is there whole, and nothing beside it', async () => {
  const parent = join(directory, 'shared');
  const path = join(parent, 'tags');
  await mkdir(parent);
  const contents = Array.from({ length: 20 }, (_, index) => new Uint8Array(50_000 + index).fill(65 + index));
  const replaced = await Promise.all(
    // Each with a disk of its own: what orders the calls of one process does not reach the others.
    contents.map((content) =>
      answer<void, DiskError>((done) => createDisk().replace(path, content, 0o600, done)),
    ),
  );
  ok(replaced.every((result) => result.ok));
  const left = await readFile(path);
  ok(contents.some((content) => left.equals(content)));
  deepStrictEqual(await readdir(parent), ['tags']);
});

test('a replacement that fails leaves nothing beside the old content', async () => {
  const parent = join(directory, 'parent');
  const path = join(parent, 'taken');
  await mkdir(path, { recursive: true });
  const failed = await answer<void, DiskError>((done) => disk.replace(path, Uint8Array.of(1), 0o600, done));
  strictEqual(messageOf(failed), `rename ${path}: is a directory`);
  deepStrictEqual(await readdir(parent), ['taken']);
});

test('a full disk is told with the call and the path', { skip: process.platform !== 'linux' }, async () => {
  const opened = await answer<AppendFile, DiskError>((done) => disk.openAppend('/dev/full', 0o600, done));
  ok(opened.ok);
  const failed = await answer<void, DiskError>((done) => opened.value.append(Uint8Array.of(1), done));
  await answer<void, DiskError>((done) => opened.value.close(done));
  strictEqual(messageOf(failed), 'write /dev/full: no space left on device');
});

test('a file without end is given up at the limit', { skip: process.platform !== 'linux' }, async () => {
  const read = await answer<Uint8Array, DiskError>((done) => disk.read('/dev/zero', 1 << 20, done));
  strictEqual(messageOf(read), 'read /dev/zero: file too large');
});

test('a pending timer keeps a program alive, a cancelled one does not', async () => {
  const startedAt = performance.now();
  strictEqual(await output("timers.after(50, () => console.log('fired'))"), 'fired\n');
  strictEqual(await output('timers.after(60_000, () => {}).cancel()'), '');
  ok(performance.now() - startedAt < 30_000);
});

test('a timer whose callback throws does not take the others with it', async () => {
  const program = `
    process.on('uncaughtException', (error) => console.log(error.message));
    timers.after(5, () => { throw new Error('our bug'); });
    timers.after(5, () => console.log('the other'));`;
  strictEqual(await output(program), 'our bug\nthe other\n');
});

test('a timer for next month waits, and Node does not complain about it', async () => {
  const program = `
    const timer = timers.after(2 ** 31 + 5, () => console.log('too early'));
    setTimeout(() => timer.cancel(), 100);`;
  strictEqual(await output(program), '');
});

/** What a program prints that has `timers`. */
async function output(program: string): Promise<string> {
  const start = "import { createTimers } from '@reeve/runtime/node'; const timers = createTimers();";
  const args = ['--input-type=module', '-e', `${start} ${program}`];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  return stdout + stderr;
}
