// Calls between Consul agents, as they were decoded: headers and bodies in the words of the wire.

import { captureLines } from './captures.ts';

/** One request or answer on Consul's server port. */
export interface CapturedMessage {
  readonly kind: 'request' | 'answer';
  /** `KVS.Get` */
  readonly method: string;
  /** What failed; empty in requests. */
  readonly error: string;
  /** As JSON; byte strings that are no text are `hex:…`. */
  readonly body: unknown;
}

/** All messages of a capture below `testdata/golden/consul` (`rpc/server-to-server`) that were kept whole. */
export function readNetRpc(name: string): readonly CapturedMessage[] {
  return captureLines(name, 'consul').flatMap((line) => {
    const parts = /^(REQ|RESP) +(\{[^{}]*"ServiceMethod"[^{}]*\}) (.*)$/.exec(line);
    if (parts === null || shortenedTo.includes(parts[3]?.length ?? 0)) return [];
    const [, word, header, body] = parts as unknown as [string, string, string, string];
    const { ServiceMethod: method, Error: error } = JSON.parse(header) as CapturedHeader;
    return [
      { kind: word === 'REQ' ? 'request' : 'answer', method, error: error ?? '', body: JSON.parse(body) },
    ];
  });
}

interface CapturedHeader {
  readonly ServiceMethod: string;
  readonly Error?: string;
}

/** Where longer bodies were cut off when they were captured. */
const shortenedTo = [1500, 2500];
