// Datagrams, streams and names: how members of a cluster reach each other.
//
// Nothing in here calls back from inside a call, and nothing throws; `conformance/` has each rule as a case.

/**
 * An IP address as canonical text (IPv4 dotted; IPv6 compressed, lower case; mapped IPv4 written as IPv4) and
 * a port.
 */
export interface Endpoint {
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
}

/** `1.2.3.4:7946` or `[::1]:7946`. */
export function endpointText(endpoint: Endpoint): string {
  return endpoint.host.includes(':')
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
}

/**
 * What went wrong with a socket or a name, in the words of the original
 * (`dial tcp 1.2.3.4:7946: connect: connection refused`).
 */
export class NetworkError extends Error {
  /**
   * The system's short name, as in `ECONNREFUSED`; `ETIMEDOUT` for our own deadlines; `EOTHER` when unknown.
   */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NetworkError';
    this.code = code;
  }
}

/** Either a value or an error; what asynchronous calls of the runtime end with. */
export type Result<T, E = Error> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** A bound datagram socket. */
export interface PacketSocket {
  readonly local: Endpoint;
  /**
   * Sends one datagram. The runtime may keep `packet`; the caller must not change it afterwards. Success is
   * not told, and says nothing: packets get lost.
   */
  send(packet: Uint8Array, to: Endpoint, onFailure?: (error: NetworkError) => void): void;
  close(): void;
}

/** A bound stream listener. */
export interface Listener {
  readonly local: Endpoint;
  close(): void;
}

/** One stream connection. */
export interface Stream {
  /** The other side. Empty host when it was already gone. */
  readonly remote: Endpoint;
  /**
   * Queues bytes, also before the stream is open. The runtime may keep them; the caller must not change them
   * afterwards, and bounds what it queues. Writing after the end or after the stream closed does nothing.
   */
  write(bytes: Uint8Array): void;
  /**
   * Flushes what was written, then ends our direction. The stream closes when the other side has ended too.
   */
  end(): void;
  /** Drops the connection at once; no handler fires afterwards. Bytes not sent yet are lost. */
  destroy(): void;
}

/** A stream of the network itself, dialled or accepted: its flow can be held up in both directions. */
export interface NetworkStream extends Stream {
  /**
   * More has been written than the system took so far; `onDrain` tells when it has taken everything. Who goes
   * on writing all the same needs memory for it. A stream that is gone is full for good, also before its
   * handler has heard so: nobody takes what would be worked out for it.
   */
  readonly isFull: boolean;
  /** Writes pieces that belong together: the system gets them with one call, and nobody joins them before. */
  writeAll(pieces: readonly Uint8Array[]): void;
  /** Nothing more is handed over, neither bytes nor their end, until `resume`. A failure may be. */
  pause(): void;
  resume(): void;
}

/**
 * What happens on a stream, in this order: opened, any number of data, perhaps ended, and exactly one closed.
 */
export interface StreamHandler {
  /** A dialled stream is connected. Not called for accepted streams, which are born open. */
  onOpen?(): void;
  /** Bytes arrived; chunks may be cut anywhere. The buffer now belongs to the receiver. */
  onData(chunk: Uint8Array): void;
  /** A stream that was full has sent everything. */
  onDrain?(): void;
  /** The other side will send no more. */
  onEnd(): void;
  /**
   * The stream is gone, by both sides' wish (no error) or by a failure. Not called after our own `destroy`.
   */
  onClosed(error?: NetworkError): void;
}

/**
 * Datagrams, streams and names. `0.0.0.0` and `::` both stand for all addresses of the machine, of both
 * families where it has them.
 */
export interface Network {
  /**
   * Binds a datagram socket; port 0 lets the system choose. The socket delivers nothing before `done` has
   * run. `onFailure` hears that a datagram could not be received; the socket goes on.
   */
  bindPackets(
    at: Endpoint,
    onPacket: (packet: Uint8Array, from: Endpoint) => void,
    done: (result: Result<PacketSocket, NetworkError>) => void,
    onFailure?: (error: NetworkError) => void,
  ): void;
  /**
   * Listens for streams; `accept` returns the handler of each new one. `onFailure` hears that a stream could
   * not be accepted; the listener goes on, and the other side may try again.
   */
  listen(
    at: Endpoint,
    accept: (stream: NetworkStream) => StreamHandler,
    done: (result: Result<Listener, NetworkError>) => void,
    onFailure?: (error: NetworkError) => void,
  ): void;
  /** Connects; a connection that is not open after `timeoutMs` is closed with `ETIMEDOUT`. */
  dial(to: Endpoint, timeoutMs: number, handler: StreamHandler): NetworkStream;
  /** All addresses of a host name, canonical text. An IP literal resolves to itself. */
  resolve(host: string, done: (result: Result<readonly string[], NetworkError>) => void): void;
  /** The private address of this machine that others can reach, as go-sockaddr's GetPrivateIP chooses it. */
  privateAddress(): string | undefined;
}
