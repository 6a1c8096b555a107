// The one message of a stream, once its layers are off. A node list is read node by node as it arrives, so no
// length a peer claims is believed before its bytes are there. Upstream: memberlist net.go (handleConn,
// readRemoteState, readUserMsg). Next: ../inbound-stream.ts and ../push-pull.ts, who answer.

import {
  concatBytes,
  DecodeError,
  equalBytes,
  gossipDialect,
  MsgpackWriter,
  type StructCodec,
} from '@reeve/bytes';
import { messageTypes } from './message-types.ts';
import {
  type Ack,
  ackCodec,
  encodeMessage,
  type Ping,
  type PushPullHeader,
  type PushPullNode,
  pingCodec,
  pushPullHeaderCodec,
  pushPullNodeCodec,
  streamErrorCodec,
  userStreamHeaderCodec,
} from './messages.ts';
import type { StreamBuffer } from './stream-buffer.ts';

/** A whole node list with the layer above's state. */
export interface PushPull {
  readonly join: boolean;
  readonly nodes: readonly PushPullNode[];
  readonly userState: Uint8Array;
}

/** Everything a stream can carry. `unknown` has only its type byte. */
export type StreamMessage =
  | { readonly type: 'ping'; readonly ping: Ping }
  | { readonly type: 'ack'; readonly ack: Ack }
  | { readonly type: 'pushPull'; readonly pushPull: PushPull }
  | { readonly type: 'user'; readonly message: Uint8Array }
  | { readonly type: 'error'; readonly error: string }
  | { readonly type: 'unknown'; readonly typeByte: number };

/** The type byte that a message came with. */
export function typeByteOf(message: StreamMessage): number {
  return message.type === 'unknown' ? message.typeByte : messageTypes[message.type];
}

/** The message of a push/pull. */
export function encodePushPull(state: PushPull): Uint8Array {
  const writer = new MsgpackWriter(gossipDialect);
  writer.byte(messageTypes.pushPull);
  const header: PushPullHeader = {
    nodeCount: state.nodes.length,
    userStateBytes: state.userState.length,
    join: state.join,
  };
  pushPullHeaderCodec.encode(writer, header);
  for (const node of state.nodes) pushPullNodeCodec.encode(writer, node);
  return concatBytes([writer.finish(), state.userState]);
}

/** A message of the layer above, as a stream carries it. */
export function encodeUserStream(message: Uint8Array): Uint8Array {
  const header = encodeMessage('user', userStreamHeaderCodec, { messageBytes: message.length });
  return concatBytes([header, message]);
}

/** Reads the message that `buffer` collects. */
export class StreamMessageReader {
  readonly #buffer: StreamBuffer;
  readonly #nodesMax: number;
  #typeByte: number | undefined;
  #pushPullHeader: PushPullHeader | undefined;
  // Bounded by the header's count, which is at most nodesMax.
  readonly #nodes: PushPullNode[] = [];
  #userMessageBytes: number | undefined;
  #isBehind = false;

  constructor(buffer: StreamBuffer, nodesMax: number) {
    this.#buffer = buffer;
    this.#nodesMax = nodesMax;
  }

  /** The first byte of the message; undefined until it is there. */
  get typeByte(): number | undefined {
    return this.#typeByte;
  }

  /** Whether the last reading stopped although there was more to read. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The message; undefined while a part of it is missing, or not read yet. @throws DecodeError */
  read(): StreamMessage | undefined {
    this.#typeByte ??= this.#buffer.take(1)?.[0];
    switch (this.#typeByte) {
      case undefined:
        return undefined;
      case messageTypes.ping: {
        const ping = this.#decode(pingCodec);
        return ping && { type: 'ping', ping };
      }
      case messageTypes.ack: {
        const ack = this.#decode(ackCodec);
        return ack && { type: 'ack', ack };
      }
      case messageTypes.error: {
        const refusal = this.#decode(streamErrorCodec);
        return refusal && { type: 'error', error: refusal.error };
      }
      case messageTypes.pushPull:
        return this.#readPushPull();
      case messageTypes.user:
        return this.#readUser();
      default:
        return { type: 'unknown', typeByte: this.#typeByte };
    }
  }

  #readPushPull(): StreamMessage | undefined {
    this.#pushPullHeader ??= this.#decode(pushPullHeaderCodec);
    const header = this.#pushPullHeader;
    if (!header) return undefined;
    if (header.nodeCount > this.#nodesMax) {
      throw new DecodeError('limit', `number of nodes in header (${header.nodeCount}) exceeds limit`);
    }
    const enough = this.#nodes.length + nodesAtOnce;
    while (this.#nodes.length < header.nodeCount) {
      this.#isBehind = this.#nodes.length === enough;
      if (this.#isBehind) return undefined;
      const node = this.#decode(pushPullNodeCodec);
      if (!node) return undefined;
      this.#nodes.push(this.#shared(node));
    }
    const userState = this.#buffer.take(header.userStateBytes);
    return userState && { type: 'pushPull', pushPull: { join: header.join, nodes: this.#nodes, userState } };
  }

  #readUser(): StreamMessage | undefined {
    this.#userMessageBytes ??= this.#decode(userStreamHeaderCodec)?.messageBytes;
    if (this.#userMessageBytes === undefined) return undefined;
    const message = this.#buffer.take(this.#userMessageBytes);
    return message && { type: 'user', message };
  }

  /** Most nodes of a list speak the same versions: it need not hold them thousands of times. */
  #shared(node: PushPullNode): PushPullNode {
    const versions = this.#nodes.at(-1)?.versions;
    return versions && equalBytes(versions, node.versions) ? { ...node, versions } : node;
  }

  #decode<T>(codec: StructCodec<T>): T | undefined {
    return this.#buffer.decode((reader) => codec.decode(reader), elementBytesMax);
  }
}

/** A millisecond of work, at some microseconds each. */
const nodesAtOnce = 256;
/** Ours. A header, a ping, a node of the list: upstream's have no bound but that of the stream. */
const elementBytesMax = 16_384;
