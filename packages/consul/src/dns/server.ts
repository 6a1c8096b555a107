// The DNS port: queries over UDP and over TCP, to one resolver. Upstream: agent/dns.go (ListenAndServe),
// miekg/dns (Server). Next: resolver.ts, tcp-client.ts.

import type { Endpoint, Listener, NetworkError, PacketSocket, Result, Runtime, Stream } from '@reeve/runtime';
import { whenThere } from '../waiting/soon.ts';
import type { Resolver } from './resolver.ts';
import { TcpClient } from './tcp-client.ts';

/** What a server is made of. */
export interface DnsServerParts {
  readonly runtime: Runtime;
  readonly resolver: Resolver;
}

/** One address on which questions are answered, on the same port over UDP and TCP. */
export class DnsServer {
  readonly local: Endpoint;
  readonly #packets: PacketSocket;
  readonly #listener: Listener;
  readonly #clients: Set<TcpClient>;

  /** Only for `startDnsServer`. */
  constructor(packets: PacketSocket, listener: Listener, clients: Set<TcpClient>) {
    this.local = packets.local;
    this.#packets = packets;
    this.#listener = listener;
    this.#clients = clients;
  }

  /** Closes the sockets; what is being answered stays unanswered. */
  close(): void {
    this.#packets.close();
    this.#listener.close();
    for (const client of [...this.#clients]) client.close();
  }
}

/** Starts a server; `done` hears when both sockets are bound, or of each why it is not. */
export function startDnsServer(
  parts: DnsServerParts,
  at: Endpoint,
  done: (result: Result<DnsServer, AggregateError>) => void,
): void {
  const { network } = parts.runtime;
  servePackets(parts, at, (packets) => {
    const problems = packets.ok ? [] : [packets.error];
    // Port 0 has become one, which streams are to have, too.
    const clients = new Set<TcpClient>();
    const service = { ...parts, answeredBytes: 0 };
    const accept = (stream: Stream) => {
      const client = new TcpClient(service, stream, () => clients.delete(client));
      if (clients.size >= clientsMax) client.close();
      else clients.add(client);
      return client;
    };
    network.listen(packets.ok ? packets.value.local : at, accept, (listener) => {
      if (packets.ok && listener.ok)
        return done({ ok: true, value: new DnsServer(packets.value, listener.value, clients) });
      if (packets.ok) packets.value.close();
      if (listener.ok) listener.value.close();
      else problems.push(listener.error);
      done({
        ok: false,
        error: new AggregateError(problems, problems.map(({ message }) => message).join('; ')),
      });
    });
  });
}

function servePackets(
  { runtime, resolver }: DnsServerParts,
  at: Endpoint,
  done: (result: Result<PacketSocket, NetworkError>) => void,
): void {
  let socket: PacketSocket | undefined;
  let answering = 0;
  const onFailure = (error: NetworkError) => tell(runtime, error);
  const send = (answer: Uint8Array | undefined, to: Endpoint): void => {
    if (answer !== undefined) socket?.send(answer, to, onFailure);
  };
  const onPacket = (query: Uint8Array, from: Endpoint) => {
    if (answering >= answeringMax) return; // dropped, as by a network that is too slow: clients ask again
    answering += 1;
    whenThere(resolver.answer(query, 'udp'), (answer) => {
      answering -= 1;
      send(answer, from);
    });
  };
  runtime.network.bindPackets(at, onPacket, (bound) => {
    if (bound.ok) socket = bound.value;
    done(bound);
  });
}

function tell({ log }: Runtime, error: NetworkError): void {
  log('warn', `agent.dns: failed to respond: error="${error.message}"`);
}

/** Queries over UDP that wait for a server or a recursor at the same time. */
const answeringMax = 4_096;
/** Connections at the same time. */
const clientsMax = 512;
