// Other name servers, which are asked about everything that is not ours. Upstream: agent/dns.go
// (handleRecurse, resolveCNAME, recursorAddr).
//
// Each question goes from a socket of its own, with a number of its own: who wants to forge an answer has to
// guess both. Next: exchange.ts.

import { DecodeError, parseIp } from '@reeve/bytes';
import {
  type Endpoint,
  endpointText,
  isPortMissing,
  type Network,
  type Runtime,
  splitHostPort,
} from '@reeve/runtime';
import { exchange, type Transport } from './exchange.ts';
import { decodeHeader, decodeMessage } from './wire/decode-message.ts';
import type { DomainName } from './wire/domain-name.ts';
import { encodeMessage } from './wire/encode-message.ts';
import { noRecords, responseCode } from './wire/message.ts';
import { internetClass, type ResourceRecord, recordType } from './wire/record.ts';

/** What `dns_config` says of them. */
export interface RecursorSettings {
  readonly recursors: readonly Endpoint[];
  readonly recursorTimeoutMs: number;
}

/** Asks recursors, one after the other. */
export class Recursors {
  readonly #runtime: Runtime;
  readonly #settings: RecursorSettings;
  #asking = 0;

  constructor(runtime: Runtime, settings: RecursorSettings) {
    this.#runtime = runtime;
    this.#settings = settings;
  }

  /**
   * The answer to a client's query, with the number of that query: the first that is an answer or says that
   * there is no such name; undefined if there is none.
   */
  async pass(query: Uint8Array, transport: Transport, payloadBytes: number): Promise<Uint8Array | undefined> {
    const isAnswer = (answer: Uint8Array) => {
      const { code } = decodeHeader(answer);
      return code === responseCode.noError || code === responseCode.nameError ? answer : undefined;
    };
    const answer = await this.#ask(query, transport, payloadBytes, isAnswer);
    answer?.set(query.subarray(0, 2));
    return answer;
  }

  /** The records that a host name leads to; none if nobody knows any. */
  async addressesOf(name: DomainName): Promise<readonly ResourceRecord[]> {
    const question = { name, type: recordType.a, class: internetClass };
    const query = encodeMessage({ header: askingHeader, question, ...noRecords, edns: undefined }, false);
    const read = (answer: Uint8Array) => decodeMessage(answer).answers;
    return (await this.#ask(query, 'udp', 0, read)) ?? [];
  }

  /** What `read` makes of the first answer that it can make something of. */
  async #ask<T>(
    query: Uint8Array,
    transport: Transport,
    payloadBytes: number,
    read: (answer: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    if (this.#asking >= askingMax) return undefined;
    this.#asking += 1;
    try {
      for (const recursor of this.#settings.recursors) {
        const found = await this.#askOne(query, recursor, transport, payloadBytes, read);
        if (found !== undefined) return found;
      }
      return undefined;
    } finally {
      this.#asking -= 1;
    }
  }

  async #askOne<T>(
    query: Uint8Array,
    recursor: Endpoint,
    transport: Transport,
    payloadBytes: number,
    read: (answer: Uint8Array) => T | undefined,
  ): Promise<T | undefined> {
    const answer = await exchange(this.#runtime, {
      query,
      to: recursor,
      transport,
      timeoutMs: this.#settings.recursorTimeoutMs,
      answerBytesMax: Math.max(payloadBytes, classicBytesMax),
    });
    if (!answer.ok) {
      this.#runtime.log('err', `agent.dns: recurse failed: error="${answer.error.message}"`);
      return undefined;
    }
    try {
      return read(answer.value);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const text = `recursor ${endpointText(recursor)}: ${error.message}`;
      this.#runtime.log('err', `agent.dns: recurse failed: error="${text}"`);
      return undefined;
    }
  }
}

/**
 * The address of a recursor as it is configured: an IP address or a host name, perhaps with a port.
 * @throws AddressError, NetworkError
 */
export async function resolveRecursor(text: string, network: Network): Promise<Endpoint> {
  const bare = parseIp(text) !== undefined || isPortMissing(text);
  const { host, port } = bare ? { host: text, port: '53' } : splitHostPort(text);
  const addresses = await new Promise<readonly string[]>((resolve, reject) =>
    network.resolve(host, (result) => (result.ok ? resolve(result.value) : reject(result.error))),
  );
  return { host: addresses[0] as string, port: Number(port) };
}

const askingHeader = {
  id: 0,
  isResponse: false,
  opcode: 0,
  isAuthoritative: false,
  isTruncated: false,
  wantsRecursion: true,
  offersRecursion: false,
  isAuthentic: false,
  disablesChecking: false,
  code: 0,
};

/** At the same time; each holds a socket for seconds. */
const askingMax = 256;
/** Of an answer over UDP to a query without EDNS. RFC 1035, section 4.2.1. */
const classicBytesMax = 512;
