// The one message of a stream, once its layers are off. A node list is read node by node as it arrives, so no
// length a peer claims is believed before its bytes are there. Upstream: memberlist net.go (handleConn,
// readRemoteState, readUserMsg). Next: ../inbound-stream.ts and ../push-pull.ts, who answer.

import { concatBytes, DecodeError, gossipDialect, MsgpackWriter } from '@reeve/bytes';
import { messageTypes } from './message-types.ts';
import {
  type Ack,
  ackCodec,
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

/** Reads the message that `buffer` collects. */
export class StreamMessageReader {
  readonly #buffer: StreamBuffer;
  readonly #nodesMax: number;
  #typeByte: number | undefined;
  #pushPullHeader: PushPullHeader | undefined;
  // Bounded by the header's count, which is at most nodesMax.
  readonly #nodes: PushPullNode[] = [];
  #userMessageBytes: number | undefined;

  constructor(buffer: StreamBuffer, nodesMax: number) {
    this.#buffer = buffer;
    this.#nodesMax = nodesMax;
  }

  /** The message; undefined while a part of it is missing. @throws DecodeError */
  read(): StreamMessage | undefined {
    this.#typeByte ??= this.#buffer.take(1)?.[0];
    switch (this.#typeByte) {
      case undefined:
        return undefined;
      case messageTypes.ping: {
        const ping = this.#buffer.decode((reader) => pingCodec.decode(reader));
        return ping && { type: 'ping', ping };
      }
      case messageTypes.ack: {
        const ack = this.#buffer.decode((reader) => ackCodec.decode(reader));
        return ack && { type: 'ack', ack };
      }
      case messageTypes.error: {
        const refusal = this.#buffer.decode((reader) => streamErrorCodec.decode(reader));
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
    this.#pushPullHeader ??= this.#buffer.decode((reader) => pushPullHeaderCodec.decode(reader));
    const header = this.#pushPullHeader;
    if (!header) return undefined;
    if (header.nodeCount > this.#nodesMax) {
      throw new DecodeError(
        'limit',
        `remote state has ${header.nodeCount} nodes, more than ${this.#nodesMax}`,
      );
    }
    while (this.#nodes.length < header.nodeCount) {
      const node = this.#buffer.decode((reader) => pushPullNodeCodec.decode(reader));
      if (!node) return undefined;
      this.#nodes.push(node);
    }
    const userState = this.#buffer.take(header.userStateBytes);
    return userState && { type: 'pushPull', pushPull: { join: header.join, nodes: this.#nodes, userState } };
  }

  #readUser(): StreamMessage | undefined {
    this.#userMessageBytes ??= this.#buffer.decode((reader) =>
      userStreamHeaderCodec.decode(reader),
    )?.messageBytes;
    if (this.#userMessageBytes === undefined) return undefined;
    const message = this.#buffer.take(this.#userMessageBytes);
    return message && { type: 'user', message };
  }
}
