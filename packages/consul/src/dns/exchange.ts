// One query to another name server, and its answer. RFC 1035 section 4.2, RFC 5452 (what is an answer to us).

import { concatBytes, DecodeError } from '@reeve/bytes';
import { type Endpoint, endpointText, NetworkError, type Result, type Runtime } from '@reeve/runtime';
import { FrameReader, frame } from './frame.ts';
import { decodeCounts, decodeHeader, decodeQuestion } from './wire/decode-message.ts';
import { messageBytesMax } from './wire/encode-message.ts';

/** How messages travel. */
export type Transport = 'udp' | 'tcp';

/** What is asked, and of whom. */
export interface Exchange {
  /** A query, whose number will be another. */
  readonly query: Uint8Array;
  readonly to: Endpoint;
  readonly transport: Transport;
  /** For everything together. */
  readonly timeoutMs: number;
  /** Over UDP; a longer answer is a failure. */
  readonly answerBytesMax: number;
}

/** The bytes of the answer, or why there is none. */
export function exchange(runtime: Runtime, asked: Exchange): Promise<Result<Uint8Array>> {
  const query = asked.query.slice();
  new DataView(query.buffer).setUint16(0, runtime.random.below(0x10000));
  return new Promise((resolve) => {
    const timer = runtime.timers.after(asked.timeoutMs, () => finish({ ok: false, error: noAnswer(asked) }));
    const dial = asked.transport === 'udp' ? askOverUdp : askOverTcp;
    const hangUp = dial(runtime, { ...asked, query }, finish);
    let isDone = false;
    function finish(result: Result<Uint8Array>): void {
      if (isDone) return;
      isDone = true;
      timer.cancel();
      hangUp();
      resolve(result);
    }
  });
}

type Finish = (result: Result<Uint8Array>) => void;

function askOverUdp({ network }: Runtime, asked: Exchange, finish: Finish): () => void {
  const { to, query, answerBytesMax } = asked;
  const local = { host: to.host.includes(':') ? '::' : '0.0.0.0', port: 0 };
  let close = () => {};
  let isOver = false;
  const onPacket = (packet: Uint8Array, from: Endpoint) => {
    // Whoever else sends something is not listened to; the right answer may still come.
    if (from.host !== to.host || from.port !== to.port || !isAnswerTo(query, packet)) return;
    if (packet.length <= answerBytesMax) return finish({ ok: true, value: packet });
    finish({ ok: false, error: new Error(`an answer of ${packet.length} bytes from ${endpointText(to)}`) });
  };
  network.bindPackets(local, onPacket, (bound) => {
    if (!bound.ok) return finish(bound);
    if (isOver) return bound.value.close();
    close = () => bound.value.close();
    bound.value.send(query, to, (error) => finish({ ok: false, error }));
  });
  return () => {
    isOver = true;
    close();
  };
}

function askOverTcp({ network }: Runtime, asked: Exchange, finish: Finish): () => void {
  const { to, query, timeoutMs } = asked;
  const frames = new FrameReader(messageBytesMax);
  const stream = network.dial(to, timeoutMs, {
    onOpen: () => stream.write(concatBytes(frame(query))),
    onData: (chunk) => {
      for (const answer of frames.push(chunk))
        if (isAnswerTo(query, answer)) return finish({ ok: true, value: answer });
    },
    onEnd: () => finish({ ok: false, error: new Error(`read tcp ${endpointText(to)}: EOF`) }),
    onClosed: (error) => finish({ ok: false, error: error ?? noAnswer(asked) }),
  });
  return () => stream.destroy();
}

/** An answer has the number and the question of its query. */
function isAnswerTo(query: Uint8Array, bytes: Uint8Array): boolean {
  try {
    const header = decodeHeader(bytes);
    if (!header.isResponse || header.id !== decodeHeader(query).id || decodeCounts(bytes).questions !== 1)
      return false;
    const asked = decodeQuestion(query).question;
    const { name, type } = decodeQuestion(bytes).question;
    return type === asked.type && name.text.toLowerCase() === asked.name.text.toLowerCase();
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function noAnswer({ to, transport }: Exchange): NetworkError {
  return new NetworkError('ETIMEDOUT', `read ${transport} ${endpointText(to)}: i/o timeout`);
}
