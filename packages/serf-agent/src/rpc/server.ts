// The RPC port: accepts connections, gives each a session, and bounds what all of them together may cost.
//
// When there is no room for one more connection, the oldest gives way that has not shaken hands or
// authenticated, so that idle strangers cannot lock the operator out.
// Upstream: cmd/serf/command/agent/ipc.go (listen). Next: session.ts.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Endpoint, endpointText } from '@reeve/runtime';
import { connectionsMax, unsentBytesMax, unsentBytesTotalMax } from './limits.ts';
import { MembersBody } from './members-body.ts';
import { type RpcConnection, RpcSession, type RpcSessionOptions } from './session.ts';

/** An open RPC port. */
export class RpcServer {
  readonly #options: RpcSessionOptions;
  readonly #server: Server;
  /** In the order in which they were accepted. Bounded by `connectionsMax`. */
  readonly #clients = new Map<Socket, RpcSession>();
  readonly #membersBody = new MembersBody();
  #closed: Promise<void> | undefined;

  private constructor(options: RpcSessionOptions) {
    this.#options = options;
    // Half-open, so that a client that has sent its last request still gets the reply.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#onAccept(socket));
  }

  /** Binds the port; 0 lets the system choose. Rejects with Node's error if that fails. */
  static async listen(at: Endpoint, options: RpcSessionOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    server.#server.listen(at);
    await once(server.#server, 'listening');
    server.#server.on('error', (error) =>
      options.log('err', `agent.ipc: Failed to accept client: ${error.message}`),
    );
    return server;
  }

  /** Where it listens. */
  get local(): Endpoint {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the RPC server is closed');
    return { host: address.address, port: address.port };
  }

  /** Takes no more clients, sends those it has what was written to them, and closes their connections. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const sockets = [...this.#clients.keys()];
    for (const [socket, session] of this.#clients) {
      session.onClosed();
      socket.destroySoon();
    }
    const impatient = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, goodbyeMs);
    await closed;
    clearTimeout(impatient);
  }

  #onAccept(socket: Socket): void {
    const clientName = endpointText({ host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
    const { log, metrics } = this.#options;
    log('info', `agent.ipc: Accepted client: ${clientName}`);
    metrics.count('agent.ipc.accept', 1);
    socket.on('error', () => {}); // what is to be done is done at 'close'
    if (this.#clients.size >= connectionsMax && !this.#makeRoom()) {
      log('warn', `agent.ipc: Too many clients, refusing ${clientName}`);
      socket.destroy();
      return;
    }
    const connection = this.#connectionOf(socket, clientName);
    const session = new RpcSession(this.#options, connection, this.#membersBody);
    this.#clients.set(socket, session);
    socket.on('data', (chunk) => session.onData(chunk));
    socket.on('drain', () => session.onDrain());
    socket.on('end', () => session.onEnd());
    socket.on('close', () => {
      this.#clients.delete(socket);
      session.onClosed();
    });
  }

  #makeRoom(): boolean {
    for (const [socket, session] of this.#clients) {
      if (session.isAdmitted) continue;
      this.#disconnect(socket, 'it has not authenticated and others want its place');
      return true;
    }
    return false;
  }

  #connectionOf(socket: Socket, clientName: string): RpcConnection {
    return {
      clientName,
      get unsentBytes() {
        return socket.writableLength;
      },
      write: (bytes) => {
        holdUntilTurnEnds(socket);
        socket.write(bytes);
        if (socket.writableLength > unsentBytesMax) this.#boundUnsentBytes();
      },
      setReading: (isReading) => {
        if (isReading) socket.resume();
        else socket.pause();
      },
      end: () => socket.destroySoon(),
    };
  }

  #boundUnsentBytes(): void {
    let totalBytes = 0;
    let slowest: Socket | undefined;
    for (const socket of this.#clients.keys()) {
      totalBytes += socket.writableLength;
      if (socket.writableLength > (slowest?.writableLength ?? 0)) slowest = socket;
    }
    if (totalBytes > unsentBytesTotalMax && slowest !== undefined) {
      this.#disconnect(slowest, 'it reads too slowly');
    }
  }

  #disconnect(socket: Socket, reason: string): void {
    const clientName = endpointText({ host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 });
    this.#options.log('warn', `agent.ipc: Disconnecting ipc.client: ${clientName}, ${reason}`);
    this.#clients.get(socket)?.onClosed();
    this.#clients.delete(socket);
    socket.destroy();
  }
}

/** What is written in one go leaves in one system call, which costs more than most requests. */
function holdUntilTurnEnds(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** How long a client may take to read the last bytes when the server closes. */
const goodbyeMs = 1_000;
