// Leaves out of an answer what does not fit. Upstream: agent/dns.go (trimUDPResponse, trimTCPResponse,
// dnsBinaryTruncate, syncExtra), whose arithmetic is kept: how many records a client gets depends on it.

import { messageLength } from '../wire/encode-message.ts';
import type { Question } from '../wire/message.ts';
import { type ResourceRecord, recordType } from '../wire/record.ts';

/** The parts of an answer that may be shortened. */
export interface Trimmable {
  readonly answers: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
}

/** How much of it may be sent. */
export interface Room {
  readonly transport: 'udp' | 'tcp';
  /** What the client says it takes over UDP; undefined without EDNS. */
  readonly payloadBytes: number | undefined;
  readonly udpAnswersMax: number;
  readonly compressesNames: boolean;
}

/** An answer that fits. */
export interface Trimmed extends Trimmable {
  /** Answers were left out, and the client may be told so. */
  readonly isTrimmed: boolean;
}

/** As much of the answer as there is room for. */
export function trim(question: Question, answer: Trimmable, room: Room): Trimmed {
  return room.transport === 'udp' ? trimForUdp(question, answer, room) : trimForTcp(question, answer, room);
}

function trimForUdp(question: Question, answer: Trimmable, room: Room): Trimmed {
  const sizeMax = Math.max(room.payloadBytes ?? 0, classicBytesMax);
  const answersMax = Math.min(room.udpAnswersMax, classicAnswersMax);
  const isCrowded = sizeMax === classicBytesMax && answer.answers.length > answersMax;
  // Few of many must fit uncompressed, too, in case somebody on the way uncompresses them.
  const trimmer = new Trimmer(question, answer, room.compressesNames && !isCrowded);
  const start = isCrowded ? trimmer.first(answersMax) : answer;
  const rest = trimmer.trim(start, sizeMax, sizeMax - udpReserveBytes);
  return { ...rest, isTrimmed: rest.answers.length < answer.answers.length };
}

/** Where there are too many for any message, upstream does not say so. */
function trimForTcp(question: Question, answer: Trimmable, room: Room): Trimmed {
  const answersMax = question.type === recordType.srv ? tcpServicesMax : tcpAnswersMax;
  const some = { ...answer, answers: answer.answers.slice(0, answersMax) };
  const rest = new Trimmer(question, some, room.compressesNames).trim(some, tcpBytesMax, tcpBytesMax);
  return { ...rest, isTrimmed: rest.answers.length < some.answers.length };
}

class Trimmer {
  readonly #question: Question;
  readonly #all: Trimmable;
  readonly #compresses: boolean;
  #byName: Map<string, ResourceRecord> | undefined;

  constructor(question: Question, all: Trimmable, compresses: boolean) {
    this.#question = question;
    this.#all = all;
    this.#compresses = compresses;
  }

  /** The first answers, with the additional records that they need. */
  first(count: number): Trimmable {
    const answers = this.#all.answers.slice(0, count);
    return { answers, additional: this.#all.additional.length === 0 ? [] : this.#needed(answers) };
  }

  /** The last answer goes, and the next one, until the rest has room; the search for a start only aims. */
  trim(answer: Trimmable, aimBytes: number, bytesMax: number): Trimmable {
    let rest = answer;
    for (;;) {
      const count = rest.answers.length;
      if (count <= 1) return rest;
      const bytes = this.#bytes(rest);
      if (bytes <= bytesMax) return rest;
      rest = this.first(bytes - aimBytes > farOffBytes ? this.#search(count, aimBytes) : count - 1);
    }
  }

  /** The largest count of answers that has room; it may be none. */
  #search(count: number, bytesMax: number): number {
    let fits = 0;
    let isTooMany = count + 1;
    while (isTooMany - fits > 1) {
      const middle = (fits + isTooMany) >> 1;
      if (this.#bytes(this.first(middle)) <= bytesMax) fits = middle;
      else isTooMany = middle;
    }
    return fits;
  }

  #bytes({ answers, additional }: Trimmable): number {
    const message = { question: this.#question, answers, authority: [], additional, edns: undefined };
    return messageLength(message, this.#compresses);
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
/** 64 KiB without the header. */
const tcpBytesMax = 65_523;
const tcpAnswersMax = 4_096;
const tcpServicesMax = 1_024;
/** Closer than this, answers go one at a time. */
const farOffBytes = 100;
