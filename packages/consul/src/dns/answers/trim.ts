// Leaves out of an answer what does not fit. Upstream: agent/dns.go (trimUDPResponse, trimTCPResponse,
// dnsBinaryTruncate, syncExtra), whose arithmetic is kept: how many records a client gets depends on it.

import { fits } from '../wire/encode-message.ts';
import type { Question } from '../wire/message.ts';
import { type ResourceRecord, recordType } from '../wire/record.ts';
import type { Offer } from './service-answer.ts';

/** The parts of an answer that are shortened. */
type Shortened = Pick<Offer, 'answers' | 'additional'>;

/** How much of it may be sent. */
export interface Room {
  readonly transport: 'udp' | 'tcp';
  /** What the client says it takes over UDP; undefined without EDNS. */
  readonly payloadBytes: number | undefined;
  readonly udpAnswersMax: number;
  readonly compressesNames: boolean;
}

/** An answer that fits. */
export interface Trimmed extends Shortened {
  /** Answers were left out, and the client may be told so. */
  readonly isTrimmed: boolean;
}

/** As much of the answer as there is room for. */
export function trim(question: Question, answer: Offer, room: Room): Trimmed {
  return room.transport === 'udp' ? trimForUdp(question, answer, room) : trimForTcp(question, answer, room);
}

/** More answers than this cannot be sent. */
export function answersMaxOf(type: number, room: Room): number {
  if (room.transport === 'tcp') return type === recordType.srv ? tcpServicesMax : tcpAnswersMax;
  const sizeMax = udpBytesMax(room);
  return sizeMax === classicBytesMax ? classicAnswers(room) : Math.ceil(sizeMax / recordBytesMin);
}

function trimForUdp(question: Question, answer: Offer, room: Room): Trimmed {
  const sizeMax = udpBytesMax(room);
  const answersMax = classicAnswers(room);
  const isCrowded = sizeMax === classicBytesMax && answer.answersTotal > answersMax;
  // Few of many must fit uncompressed, too, in case somebody on the way uncompresses them.
  const trimmer = new Trimmer(question, answer, room.compressesNames && !isCrowded);
  const start = isCrowded ? trimmer.first(answersMax) : answer;
  const { answers, additional } = trimmer.trim(start, sizeMax, sizeMax - udpReserveBytes);
  return { answers, additional, isTrimmed: answers.length < answer.answersTotal };
}

/** Where there are too many for any message, upstream does not say so. */
function trimForTcp(question: Question, answer: Offer, room: Room): Trimmed {
  const rest = new Trimmer(question, answer, room.compressesNames).trim(answer, tcpBytesMax, tcpBytesMax);
  return { ...rest, isTrimmed: rest.answers.length < answer.answers.length };
}

function udpBytesMax({ payloadBytes }: Room): number {
  return Math.max(payloadBytes ?? 0, classicBytesMax);
}

function classicAnswers({ udpAnswersMax }: Room): number {
  return Math.min(udpAnswersMax, classicAnswersMax);
}

class Trimmer {
  readonly #question: Question;
  readonly #all: Shortened;
  readonly #compresses: boolean;
  #byName: Map<string, ResourceRecord> | undefined;

  constructor(question: Question, all: Shortened, compresses: boolean) {
    this.#question = question;
    this.#all = all;
    this.#compresses = compresses;
  }

  /** The first answers, with the additional records that they need. */
  first(count: number): Shortened {
    const answers = this.#all.answers.slice(0, count);
    return { answers, additional: this.#all.additional.length === 0 ? [] : this.#needed(answers) };
  }

  /** The last answer goes, and the next one, until the rest has room; the search for a start only aims. */
  trim(answer: Shortened, aimBytes: number, bytesMax: number): Shortened {
    let rest = answer;
    for (;;) {
      const count = rest.answers.length;
      if (count <= 1) return rest;
      if (this.#fits(rest, bytesMax)) return rest;
      const isClose = this.#fits(rest, aimBytes + closeBytes);
      rest = this.first(isClose ? count - 1 : this.#search(count, aimBytes));
    }
  }

  /** The largest count of answers that has room; it may be none. */
  #search(countMax: number, bytesMax: number): number {
    let count = 0;
    let isTooMany = countMax + 1;
    while (isTooMany - count > 1) {
      const middle = (count + isTooMany) >> 1;
      if (this.#fits(this.first(middle), bytesMax)) count = middle;
      else isTooMany = middle;
    }
    return count;
  }

  #fits({ answers, additional }: Shortened, bytesMax: number): boolean {
    const message = { question: this.#question, answers, authority: [], additional, edns: undefined };
    return fits(message, this.#compresses, bytesMax);
  }

  /** One record for each target of a SRV record, and for what that leads to. */
  #needed(answers: readonly ResourceRecord[]): ResourceRecord[] {
    this.#byName ??= firstByName(this.#all.additional);
    const needed = new Map<string, ResourceRecord>();
    for (const answer of answers) {
      let target = answer.kind === 'srv' ? answer.target.text.toLowerCase() : undefined;
      while (target !== undefined && !needed.has(target)) {
        const record = this.#byName.get(target);
        if (record === undefined) break;
        needed.set(target, record);
        target = record.kind === 'cname' ? record.target.text.toLowerCase() : undefined;
      }
    }
    return [...needed.values()];
  }
}

function firstByName(records: readonly ResourceRecord[]): Map<string, ResourceRecord> {
  const byName = new Map<string, ResourceRecord>();
  for (const record of records) {
    const name = record.name.text.toLowerCase();
    if (!byName.has(name)) byName.set(name, record);
  }
  return byName;
}

/** Without EDNS. */
const classicBytesMax = 512;
/** Whatever is configured. */
const classicAnswersMax = 8;
const udpReserveBytes = 7;
/** A pointer to a name, and the fixed part. */
const recordBytesMin = 12;
/** 64 KiB without the header. */
const tcpBytesMax = 65_523;
const tcpAnswersMax = 4_096;
const tcpServicesMax = 1_024;
/** So close to it answers go one at a time. */
const closeBytes = 100;
