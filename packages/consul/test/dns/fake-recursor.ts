// A recursor on virtual time, which knows what the one of the recorder knew.

import type { Endpoint, PacketSocket } from '@reeve/runtime';
import type { VirtualWorld } from '@reeve/runtime/virtual';
import { FrameReader, frame } from '../../dist/dns/frame.js';
import { decodeMessage } from '../../dist/dns/wire/decode-message.js';
import { domainName } from '../../dist/dns/wire/domain-name.js';
import { encodeMessage } from '../../dist/dns/wire/encode-message.js';
import { noRecords } from '../../dist/dns/wire/message.js';
import type { ResourceRecord } from '../../dist/dns/wire/record.js';

/** Starts one on `10.0.0.53:53`, over UDP and TCP. Every query that arrives is noted. */
export function startRecursor(world: VirtualWorld, at: Endpoint = { host: '10.0.0.53', port: 53 }): string[] {
  const asked: string[] = [];
  let bound: PacketSocket | undefined;
  const { network } = world.host(at.host).runtime;
  network.bindPackets(
    at,
    (query, from) => bound?.send(answer(query, asked), from),
    (result) => {
      if (result.ok) bound = result.value;
    },
  );
  network.listen(
    at,
    (stream) => {
      const frames = new FrameReader(4_096);
      return {
        onData: (chunk) => {
          for (const query of frames.push(chunk))
            for (const piece of frame(answer(query, asked))) stream.write(piece);
        },
        onEnd: () => stream.end(),
        onClosed: () => {},
      };
    },
    () => {},
  );
  return asked;
}

function answer(bytes: Uint8Array, asked: string[]): Uint8Array {
  const { header, question } = decodeMessage(bytes);
  if (question === undefined) throw new Error('a query without a question');
  asked.push(question.name.text);
  const { code, answers } = known(question.name.text);
  const flags = { isResponse: true, offersRecursion: true, isAuthentic: false, code };
  return encodeMessage(
    { header: { ...header, ...flags }, question, ...noRecords, answers, edns: undefined },
    true,
  );
}

function known(text: string): { code: number; answers: ResourceRecord[] } {
  const name = domainName(text);
  if (text.startsWith('nx.')) return { code: 3, answers: [] };
  if (text.startsWith('fail.')) return { code: 2, answers: [] };
  if (text.endsWith('.arpa.'))
    return { code: 0, answers: [{ kind: 'ptr', name, ttl: 77, target: domainName('host.upstream.') }] };
  return { code: 0, answers: [{ kind: 'a', name, ttl: 77, address: Uint8Array.of(203, 0, 113, 5) }] };
}
