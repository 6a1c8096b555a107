// The layers of a stream, from inside out: compress, encrypt, label. Each stream carries one message each
// way.
// Upstream: memberlist net.go (rawSendMsgStream, readStream, encryptLocalState, decryptRemoteState).
// Quirks: with compression on everything is compressed, even when that makes it larger; the label is written
// by the dialling side alone, but authenticated both ways. Next: stream-buffer.ts, stream-message.ts.

import { concatBytes, DecodeError, nonceBytes, TruncatedError } from '@reeve/bytes';
import { compressMessage, decompressBody } from './compress.ts';
import { decryptPayload, encryptionOverheadBytes, encryptPayload } from './encrypt.ts';
import { labelHeader, removeLabel } from './label.ts';
import { encryptsOutput, type Layers } from './layers.ts';
import { messageTypes } from './message-types.ts';
import { labelRefusal } from './packet.ts';
import { type StreamBudget, StreamBuffer } from './stream-buffer.ts';
import { type StreamMessage, StreamMessageReader } from './stream-message.ts';

/** The bytes that carry `message` on a stream; a side that answers leaves the label out. */
export function wrapStream(layers: Layers, message: Uint8Array, side: 'dialler' | 'acceptor'): Uint8Array {
  let frame = layers.compression ? compressMessage(message) : message;
  if (encryptsOutput(layers)) {
    const header = new Uint8Array(encryptHeaderBytes);
    header[0] = messageTypes.encrypt;
    new DataView(header.buffer).setUint32(1, frame.length + encryptionOverheadBytes);
    const nonce = layers.random.bytes(nonceBytes);
    const additionalData = concatBytes([header, layers.labelBytes]);
    frame = concatBytes([header, encryptPayload(layers.keyring.primary, nonce, frame, additionalData)]);
  }
  return side === 'dialler' ? concatBytes([labelHeader(layers.labelBytes), frame]) : frame;
}

/** What bounds one inbound stream. */
export interface StreamBounds {
  readonly streamBytesMax: number;
  readonly nodesMax: number;
  readonly budget: StreamBudget;
}

/** Takes the bytes of one stream, gives its one message. */
export class StreamReader {
  readonly #layers: Layers;
  readonly #bounds: StreamBounds;
  readonly #buffer: StreamBuffer;
  readonly #removers: (() => boolean)[];
  #messages: StreamMessageReader | undefined;
  /** A layer was taken off, so what is inside is all there: no more is waited for. */
  #complete = false;
  #receivedBytes = 0;

  /** `side` is the side that reads. */
  constructor(layers: Layers, bounds: StreamBounds, side: 'dialler' | 'acceptor') {
    this.#layers = layers;
    this.#bounds = bounds;
    this.#buffer = new StreamBuffer(bounds.streamBytesMax, bounds.budget);
    const removers = [() => this.#removeEncryption(), () => this.#removeCompression()];
    this.#removers = side === 'acceptor' ? [() => this.#removeLabel(), ...removers] : removers;
  }

  /**
   * The type of the message that is being read, once the layers are off: errors from then on get no answer.
   */
  get messageType(): number | undefined {
    return this.#messages?.typeByte;
  }

  /** How much has arrived so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Whether nothing has arrived: the other side closed without a word. */
  get empty(): boolean {
    return !this.#messages && this.#buffer.available.length === 0;
  }

  /** Gives back what is buffered. */
  release(): void {
    this.#buffer.release();
  }

  /** Whether more of what has arrived could be read. */
  get isBehind(): boolean {
    return this.#messages?.isBehind ?? false;
  }

  /** Takes the next bytes. @throws DecodeError */
  push(chunk: Uint8Array): void {
    this.#receivedBytes += chunk.length;
    this.#buffer.push(chunk);
  }

  /**
   * Reads on, not too much at once; the message when it is complete.
   * @throws LabelRefused, DecodeError
   */
  read(): StreamMessage | undefined {
    const message = this.#read();
    if (!message && this.#complete && !this.isBehind) throw new DecodeError('truncated', 'unexpected EOF');
    return message;
  }

  #read(): StreamMessage | undefined {
    for (let remove = this.#removers[0]; remove; remove = this.#removers[0]) {
      if (!remove()) return undefined;
      this.#removers.shift();
    }
    this.#messages ??= new StreamMessageReader(this.#buffer, this.#bounds.nodesMax);
    return this.#messages.read();
  }

  #replace(plain: Uint8Array): void {
    this.#buffer.replace(plain);
    this.#complete = true;
  }

  #removeLabel(): boolean {
    try {
      const { available } = this.#buffer;
      if (available.length === 0) return false;
      const { label, rest } = removeLabel(available);
      const refusal = labelRefusal(this.#layers, label, 'stream');
      if (refusal !== undefined) throw new LabelRefused('malformed', refusal);
      this.#buffer.skip(available.length - rest.length);
      return true;
    } catch (error) {
      if (error instanceof TruncatedError) return false;
      throw error;
    }
  }

  #removeEncryption(): boolean {
    const { available } = this.#buffer;
    const type = available[0];
    if (type === undefined) return false;
    const { keyring, verifyIncoming } = this.#layers;
    if (type !== messageTypes.encrypt) {
      if (!keyring || !verifyIncoming) return true;
      throw new DecodeError('malformed', 'Encryption is configured but remote state is not encrypted');
    }
    if (!keyring)
      throw new DecodeError('malformed', 'Remote state is encrypted and encryption is not configured');
    if (available.length < encryptHeaderBytes) return false;
    const payloadBytes = new DataView(available.buffer, available.byteOffset).getUint32(1);
    if (encryptHeaderBytes + payloadBytes > this.#bounds.streamBytesMax) {
      throw new DecodeError('limit', `Remote node state is larger than limit (${payloadBytes})`);
    }
    const frame = this.#buffer.take(encryptHeaderBytes + payloadBytes);
    if (!frame) return false;
    const additionalData = concatBytes([frame.subarray(0, encryptHeaderBytes), this.#layers.labelBytes]);
    this.#replace(decryptPayload(keyring.keys, frame.subarray(encryptHeaderBytes), additionalData));
    return true;
  }

  #removeCompression(): boolean {
    const type = this.#buffer.available[0];
    if (type === undefined) return false;
    if (type !== messageTypes.compress) return true;
    const { streamBytesMax, budget } = this.#bounds;
    const plain = this.#buffer.decode((reader) => {
      reader.offset += 1;
      return decompressBody(reader, Math.min(streamBytesMax, budget.bytesLeft));
    });
    if (!plain) return false;
    this.#replace(plain);
    return true;
  }
}

/** The stream belongs to another cluster; it gets no answer. */
export class LabelRefused extends DecodeError {}

const encryptHeaderBytes = 5;
