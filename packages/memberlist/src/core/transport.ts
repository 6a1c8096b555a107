// The node's own sockets: packets and streams on one port. Upstream: memberlist net_transport.go.
// Quirk: streams we dial come from an ephemeral port, so nobody is identified by where a stream comes from.
// Next: send.ts for packets out, packet-input.ts and inbound-stream.ts for what comes in.

import type {
  Endpoint,
  Listener,
  Network,
  NetworkError,
  PacketSocket,
  Result,
  Stream,
  StreamHandler,
} from '@reeve/runtime';

/** Who takes what arrives. */
export interface TransportInput {
  onPacket(packet: Uint8Array, from: Endpoint): void;
  onStream(stream: Stream): StreamHandler;
  /** Something that arrived could not be taken; the sockets go on. */
  onFailure(text: string): void;
}

/** Open sockets. */
export interface Transport {
  /** Where packets and streams are received. */
  readonly local: Endpoint;
  send(packet: Uint8Array, to: Endpoint, onFailure?: (error: NetworkError) => void): void;
  close(): void;
}

/**
 * Opens both sockets. With port 0 the system chooses a port for streams and packets must get the same; 10
 * tries.
 */
export function openTransport(
  network: Network,
  bind: Endpoint,
  input: TransportInput,
  done: (result: Result<Transport>) => void,
  triesLeft = bind.port === 0 ? ephemeralPortTries : 1,
): void {
  const fail = (protocol: 'TCP' | 'UDP', error: NetworkError): void => {
    if (triesLeft > 1) return openTransport(network, bind, input, done, triesLeft - 1);
    const what = `Failed to start ${protocol} listener on "${bind.host}" port ${bind.port}`;
    const message = `failed to obtain an address: ${what}: ${error.message}`;
    const cause = { cause: error };
    done({ ok: false, error: new Error(`Could not set up network transport: ${message}`, cause) });
  };
  const onStream = (stream: Stream): StreamHandler => input.onStream(stream);
  const onPacket = (packet: Uint8Array, from: Endpoint): void => input.onPacket(packet, from);
  const onAcceptFailure = ({ message }: NetworkError): void =>
    input.onFailure(`Error accepting TCP connection: ${message}`);
  const onReceiveFailure = ({ message }: NetworkError): void =>
    input.onFailure(`Error reading UDP packet: ${message}`);
  const onListening = (listening: Result<Listener, NetworkError>): void => {
    if (!listening.ok) return fail('TCP', listening.error);
    const listener = listening.value;
    const onBound = (bound: Result<PacketSocket, NetworkError>): void => {
      if (bound.ok) return done({ ok: true, value: join(listener, bound.value) });
      listener.close();
      fail('UDP', bound.error);
    };
    network.bindPackets(listener.local, onPacket, onBound, onReceiveFailure);
  };
  network.listen(bind, onStream, onListening, onAcceptFailure);
}

function join(listener: Listener, socket: PacketSocket): Transport {
  return {
    local: listener.local,
    send: (packet, to, onFailure) => socket.send(packet, to, onFailure),
    close() {
      listener.close();
      socket.close();
    },
  };
}

const ephemeralPortTries = 10;
