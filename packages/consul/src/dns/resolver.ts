// From the bytes of a query to the bytes of its answer. Upstream: agent/dns.go (handleQuery, handlePtr,
// handleRecurse, setEDNS), miekg/dns (DefaultMsgAcceptFunc, SetReply). Next: zone.ts.

import { DecodeError } from '@reeve/bytes';
import type { Runtime } from '@reeve/runtime';
import type { Caller } from '../rpc/methods/index.ts';
import { rescued, type Soon, soon } from '../waiting/soon.ts';
import { emptyAnswer, type ZoneAnswer } from './answer.ts';
import { Catalog } from './catalog.ts';
import type { Transport } from './exchange.ts';
import { KnownQueries } from './known-queries.ts';
import { isWithin } from './name-form.ts';
import { Recursors } from './recursors.ts';
import type { DnsSettings } from './settings.ts';
import {
  type Counts,
  decodeCounts,
  decodeHeader,
  decodeMessage,
  decodeQuestion,
  headerBytes,
} from './wire/decode-message.ts';
import { domainName } from './wire/domain-name.ts';
import type { ClientSubnet, Edns } from './wire/edns.ts';
import { encodeMessage } from './wire/encode-message.ts';
import { type Header, type Message, noRecords, type Question, responseCode } from './wire/message.ts';
import { recordType } from './wire/record.ts';
import { followsMax, Zone } from './zone.ts';

/** A message with a question in it. */
type Query = Message & { readonly question: NonNullable<Message['question']> };

/** Answers queries. */
export class Resolver {
  readonly #caller: Caller;
  readonly #runtime: Runtime;
  readonly #known = new KnownQueries();
  #settings: DnsSettings;
  #catalog: Catalog;
  #recursors: Recursors;
  #zone: Zone;

  constructor(caller: Caller, runtime: Runtime, settings: DnsSettings) {
    this.#caller = caller;
    this.#runtime = runtime;
    this.#settings = settings;
    this.#catalog = new Catalog(caller, runtime, settings);
    this.#recursors = new Recursors(runtime, settings);
    this.#zone = this.#newZone();
  }

  /** From now on these hold. */
  configure(settings: DnsSettings): void {
    this.#catalog.close();
    this.#settings = settings;
    this.#catalog = new Catalog(this.#caller, this.#runtime, settings);
    this.#recursors = new Recursors(this.#runtime, settings);
    this.#zone = this.#newZone();
  }

  /** Asks nothing any more by itself. */
  close(): void {
    this.#catalog.close();
  }

  /** The answer; undefined where none is to be sent: to what is no query at all. */
  answer(bytes: Uint8Array, transport: Transport): Soon<Uint8Array | undefined> {
    if (bytes.length < headerBytes) return undefined; // an answer would only flood whom somebody forged
    const known = this.#known.find(bytes);
    if (known !== undefined) return this.#reply(known, bytes, transport);
    const header = decodeHeader(bytes);
    if (header.isResponse) return undefined;
    if (header.opcode !== queryOpcode && header.opcode !== notifyOpcode)
      return refusal(header, { opcode: header.opcode, code: responseCode.notImplemented }, undefined);
    if (!hasFewRecords(decodeCounts(bytes))) return malformed(header, undefined);
    const query = decoded(() => decodeMessage(bytes));
    if (query === undefined) return malformed(header, decoded(() => decodeQuestion(bytes))?.question);
    this.#known.keep(bytes, query);
    return this.#reply(query, bytes, transport);
  }

  #reply(query: Message, bytes: Uint8Array, transport: Transport): Soon<Uint8Array> {
    return rescued(
      () => this.#route(query, bytes, transport),
      (error) => this.#failure(query, error),
    );
  }

  /** What has no room in any message, or cannot be written in one. */
  #failure(query: Message, error: Error): Uint8Array {
    if (!(error instanceof RangeError)) throw error;
    this.#runtime.log('warn', `agent.dns: failed to respond: error="${error.message}"`);
    return this.#encode(query, { ...emptyAnswer, code: responseCode.serverFailure });
  }

  #route(query: Message, bytes: Uint8Array, transport: Transport): Soon<Uint8Array> {
    const { question } = query;
    if (question === undefined) return this.#refuse(query);
    const { domain, altDomain, recursors } = this.#settings;
    const name = question.name.text;
    if (isWithin(name, domain) || isWithin(name, altDomain)) {
      const payloadBytes = query.edns?.payloadBytes;
      const asked = { question, transport, payloadBytes, followsLeft: followsMax };
      return soon(this.#zone.answer(asked), (answer) => this.#encode(query, answer));
    }
    if (isWithin(name, 'arpa.')) return this.#reverse({ ...query, question }, bytes, transport);
    return recursors.length > 0 ? this.#recurse(query, bytes, transport) : this.#refuse(query);
  }

  /** Whose an address is: a node's, or a service's; whatever type was asked for. */
  async #reverse(query: Query, bytes: Uint8Array, transport: Transport): Promise<Uint8Array> {
    const { name, type } = query.question;
    const owner = await this.#ownerOf(name.text.toLowerCase());
    if (owner === undefined) return this.#recurse(query, bytes, transport);
    const target = domainName(`${owner}.${this.#settings.datacenter}.${this.#settings.domain}`);
    const authority = type === recordType.soa ? [this.#zone.start()] : [];
    const answers = [{ kind: 'ptr', name, ttl: 0, target } as const];
    return this.#encode(query, { ...emptyAnswer, answers, authority });
  }

  /** `web1.node` or `web.service`; a catalog that cannot be asked has nobody. */
  async #ownerOf(name: string): Promise<string | undefined> {
    const node = await this.#catalog.nodeAt(name).catch(() => undefined);
    if (node !== undefined) return `${node.name}.node`;
    const service = await this.#catalog.serviceAt(name).catch(() => undefined);
    return service === undefined ? undefined : `${service}.service`;
  }

  async #recurse(query: Message, bytes: Uint8Array, transport: Transport): Promise<Uint8Array> {
    const answer = await this.#recursors.pass(bytes, transport, query.edns?.payloadBytes ?? 0);
    if (answer !== undefined) return answer;
    const name = query.question?.name.text;
    this.#runtime.log('err', `agent.dns: all resolvers failed for question from client: question=${name}`);
    const code = responseCode.serverFailure;
    const header = replyHeader(query.header, { ...withoutAuthority, offersRecursion: true, code });
    const edns = replyEdns(query, code, false);
    return encodeMessage({ header, question: query.question, ...noRecords, edns }, true);
  }

  #refuse(query: Message): Uint8Array {
    const header = replyHeader(query.header, { ...withoutAuthority, code: responseCode.refused });
    return encodeMessage({ header, question: query.question, ...noRecords, edns: undefined }, false);
  }

  /** An answer with authority. */
  #encode(query: Message, answer: ZoneAnswer): Uint8Array {
    const { recursors, compressesNames } = this.#settings;
    const { isTruncated, code } = answer;
    const offersRecursion = recursors.length > 0;
    const header = replyHeader(query.header, { isAuthoritative: true, isTruncated, offersRecursion, code });
    const { answers, authority, additional } = answer;
    const edns = replyEdns(query, answer.code, answer.isForSubnet);
    const message = { header, question: query.question, answers, authority, additional, edns };
    return encodeMessage(message, compressesNames);
  }

  #newZone(): Zone {
    return new Zone({
      runtime: this.#runtime,
      settings: this.#settings,
      catalog: this.#catalog,
      recursors: this.#recursors,
    });
  }
}

/** What a query may have; a notification may say what it is about. */
function hasFewRecords({ questions, answers, authority, additional }: Counts): boolean {
  return questions === 1 && answers <= 1 && authority <= 1 && additional <= 2;
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** A message that cannot be understood gets the question back, if that much could be read. */
function malformed(header: Header, question: Question | undefined): Uint8Array {
  return refusal(header, { opcode: queryOpcode, code: responseCode.formatError }, question);
}

/** What a message is answered with that cannot be understood, as far as upstream's header goes. */
function refusal(
  header: Header,
  { opcode, code }: { opcode: number; code: number },
  question: Question | undefined,
): Uint8Array {
  const answer = { ...header, isResponse: true, isAuthoritative: false, opcode, code };
  return encodeMessage({ header: answer, question, ...noRecords, edns: undefined }, false);
}

/** What we decide of a header; the rest is the query's. */
type Outcome = Pick<Header, 'isAuthoritative' | 'isTruncated' | 'offersRecursion' | 'code'>;

function replyHeader(query: Header, outcome: Outcome): Header {
  const isQuery = query.opcode === queryOpcode;
  return {
    id: query.id,
    isResponse: true,
    opcode: query.opcode,
    isAuthoritative: outcome.isAuthoritative,
    isTruncated: outcome.isTruncated,
    wantsRecursion: isQuery && query.wantsRecursion,
    offersRecursion: outcome.offersRecursion,
    isAuthentic: false,
    disablesChecking: isQuery && query.disablesChecking,
    code: outcome.code,
  };
}

/** Who speaks EDNS is answered in kind, with the size that was asked for. */
function replyEdns({ edns }: Message, code: number, isForSubnet: boolean): Edns | undefined {
  if (edns?.subnet === undefined) return edns;
  const isGlobal = !isForSubnet || globalCodes.has(code);
  const subnet: ClientSubnet = { ...edns.subnet, scopeBits: isGlobal ? 0 : edns.subnet.sourceBits };
  return { ...edns, subnet };
}

const withoutAuthority = { isAuthoritative: false, isTruncated: false, offersRecursion: false };
const queryOpcode = 0;
const notifyOpcode = 4;
/** Failures hold for every network. */
const globalCodes = new Set<number>([
  responseCode.serverFailure,
  responseCode.nameError,
  responseCode.notImplemented,
  responseCode.refused,
]);
