// Rules of datagrams.

import type { Endpoint, NetworkError, PacketSocket } from '../network.ts';
import { type Bench, type BenchCase, check, checkBytes, checkEqual, patternBytes } from './bench.ts';

/** The cases about datagrams. */
export const packetCases: readonly BenchCase[] = [
  {
    name: 'a datagram arrives whole, with the address it was sent from',
    async run(bench) {
      const [a, b] = [await bench.bindPackets(), await bench.bindPackets()];
      check(a.socket.local.port !== 0, 'the chosen port is not told');
      checkEqual(a.socket.local.host, bench.world.host, 'local host');
      for (const length of [0, 1, 1_400, 65_507]) {
        b.received.length = 0;
        const packet = patternBytes(length);
        bench.call(() => a.socket.send(packet, b.socket.local));
        await bench.until(() => b.received.length > 0, `a datagram of ${length} bytes`);
        checkBytes(b.received[0]?.packet ?? new Uint8Array(), packet, 'datagram');
        checkEqual(b.received[0]?.from, a.socket.local, 'sender');
      }
    },
  },
  {
    name: 'each datagram comes in memory of its own',
    async run(bench) {
      const [a, b] = [await bench.bindPackets(), await bench.bindPackets()];
      const packets = [1, 2, 3].map((number) => new Uint8Array(100).fill(number));
      for (const packet of packets) bench.call(() => a.socket.send(packet, b.socket.local));
      await bench.until(() => b.received.length === 3, 'three datagrams');
      const received = b.received.map(({ packet }) => packet).sort((x, y) => (x[0] ?? 0) - (y[0] ?? 0));
      received[0]?.fill(99);
      new Uint8Array(received[1]?.buffer ?? new ArrayBuffer()).fill(98);
      checkBytes(received[2] ?? new Uint8Array(), new Uint8Array(100).fill(3), 'the third');
      checkEqual(packets[0]?.[0], 1, 'what the sender holds');
    },
  },
  {
    name: 'a socket bound to all addresses is reached by each of them',
    async run(bench) {
      const a = await bench.bindPackets();
      const all = await bench.bindPackets({ host: '0.0.0.0', port: 0 });
      const to = { host: bench.world.host, port: all.socket.local.port };
      bench.call(() => a.socket.send(patternBytes(10), to));
      await bench.until(() => all.received.length === 1, 'the datagram');
      bench.call(() => all.socket.send(patternBytes(20), a.socket.local));
      await bench.until(() => a.received.length === 1, 'the answer');
      checkEqual(a.received[0]?.from, to, 'sender');
    },
  },
  {
    name: 'nothing is delivered before the bind is answered',
    async run(bench) {
      const a = await bench.bindPackets();
      const { local } = a.socket;
      bench.call(() => a.socket.close());
      const sender = await bench.bindPackets();
      const events: string[] = [];
      bench.runtime.network.bindPackets(
        local,
        () => events.push('packet'),
        () => events.push('bound'),
      );
      for (let tries = 0; tries < 500 && !events.includes('packet'); tries++) {
        bench.call(() => sender.socket.send(patternBytes(10), local));
        await bench.pass(1);
      }
      checkEqual(events.slice(0, 2), ['bound', 'packet'], 'events');
    },
  },
  {
    name: 'binding a datagram port that is taken fails through the handler, and it is free after a close',
    async run(bench) {
      const { socket } = await bench.bindPackets();
      const at = socket.local;
      const error = await bindFailure(bench, at);
      const text = `listen udp ${at.host}:${at.port}: bind: address already in use`;
      checkEqual([error.code, error.message], ['EADDRINUSE', text], 'error');
      bench.call(() => socket.close());
      checkEqual((await bench.bindPackets(at)).socket.local, at, 'bound again');
    },
  },
  {
    name: 'binding a datagram socket to an address of another machine fails through the handler',
    async run(bench) {
      const host = bench.world.foreignHost;
      const error = await bindFailure(bench, { host, port: 7946 });
      const text = `listen udp ${host}:7946: bind: cannot assign requested address`;
      checkEqual([error.code, error.message], ['EADDRNOTAVAIL', text], 'error');
    },
  },
  {
    name: 'a datagram too large fails through the handler and harms nothing',
    async run(bench) {
      const [a, b] = [await bench.bindPackets(), await bench.bindPackets()];
      const error = await sendFailure(bench, a.socket, new Uint8Array(65_508), b.socket.local);
      checkEqual(error.code, 'EMSGSIZE', 'code');
      const [from, to] = [a.socket.local, b.socket.local];
      const path = `${from.host}:${from.port}->${to.host}:${to.port}`;
      checkEqual(error.message, `write udp ${path}: sendto: message too long`, 'error');
      bench.call(() => a.socket.send(new Uint8Array(70_000), b.socket.local));
      await checkStillWorks(bench, a.socket);
    },
  },
  {
    name: 'sending where nobody listens harms neither the socket nor later sends',
    async run(bench) {
      const [a, gone] = [await bench.bindPackets(), await bench.bindPackets()];
      bench.call(() => gone.socket.close());
      for (let round = 0; round < 5; round++) {
        bench.call(() =>
          a.socket.send(
            patternBytes(10),
            gone.socket.local,
            bench.callback(() => {}),
          ),
        );
        await bench.pass(5);
        await checkStillWorks(bench, a.socket);
      }
    },
  },
  {
    name: 'sending to an impossible address fails through the handler and harms nothing',
    async run(bench) {
      const { socket } = await bench.bindPackets();
      const { host } = bench.world;
      checkEqual(
        (await sendFailure(bench, socket, patternBytes(1), { host, port: 0 })).code,
        'EINVAL',
        'port 0',
      );
      const error = await sendFailure(bench, socket, patternBytes(1), { host: '::1', port: 9 });
      const path = `${host}:${socket.local.port}->[::1]:9`;
      checkEqual(error.code, 'EAFNOSUPPORT', 'IPv6 from an IPv4 socket');
      checkEqual(error.message, `write udp ${path}: address ::1: non-IPv4 address`, 'error');
      bench.call(() => socket.send(patternBytes(1), { host, port: 0 }));
      bench.call(() => socket.send(patternBytes(1), { host: '::1', port: 9 }));
      await checkStillWorks(bench, socket);
    },
  },
  {
    name: 'nothing of a datagram socket fires after its close, and using it does nothing',
    async run(bench) {
      const [a, b] = [await bench.bindPackets(), await bench.bindPackets()];
      const failures: string[] = [];
      const fail = (error: NetworkError) => failures.push(error.message);
      bench.call(() => b.socket.send(patternBytes(10), a.socket.local));
      bench.call(() => a.socket.send(new Uint8Array(70_000), b.socket.local, fail));
      bench.call(() => a.socket.close());
      bench.call(() => a.socket.close());
      bench.call(() => a.socket.send(patternBytes(10), b.socket.local, fail));
      bench.call(() => a.socket.send(patternBytes(10), { host: bench.world.host, port: 0 }, fail));
      await bench.pass(50);
      checkEqual([a.received.length, b.received.length, failures], [0, 0, []], 'fired');
    },
  },
  {
    name: 'a socket closed by its own first datagram receives no second',
    async run(bench) {
      const sender = await bench.bindPackets();
      let received = 0;
      const onPacket = () => {
        received++;
        socket.close();
      };
      const socket = await bench.value<PacketSocket, NetworkError>((done) =>
        bench.runtime.network.bindPackets(bench.anyPort, onPacket, done),
      );
      for (let sent = 0; sent < 20; sent++)
        bench.call(() => sender.socket.send(patternBytes(10), socket.local));
      await bench.until(() => received > 0, 'the first datagram');
      await bench.pass(30);
      checkEqual(received, 1, 'received');
    },
  },
];

function bindFailure(bench: Bench, at: Endpoint): Promise<NetworkError> {
  return bench.failure<PacketSocket, NetworkError>((done) =>
    bench.runtime.network.bindPackets(at, () => {}, done),
  );
}

async function sendFailure(
  bench: Bench,
  socket: PacketSocket,
  packet: Uint8Array,
  to: Endpoint,
): Promise<NetworkError> {
  return bench.failure<void, NetworkError>((done) =>
    socket.send(packet, to, (error) => done({ ok: false, error })),
  );
}

/** Sends a datagram to a fresh socket and gets one back. */
async function checkStillWorks(bench: Bench, socket: PacketSocket): Promise<void> {
  const other = await bench.bindPackets();
  bench.call(() => socket.send(patternBytes(10), other.socket.local));
  await bench.until(() => other.received.length === 1, 'a socket still sends');
  bench.call(() => other.socket.close());
}
