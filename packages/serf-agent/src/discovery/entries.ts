// What one search has heard. An instance of the service is an entry; it is complete, and can be joined, once
// its port, its address and its text are known. They usually come in one packet, but need not.
// Upstream: hashicorp/mdns client.go (query). What belongs to another service is ignored, unlike there.
// Next: host-finder.ts.

import type { Endpoint } from '@reeve/runtime';
import type { DnsRecord } from './wire/message.ts';

/** What a packet brought. */
export interface Heard {
  /** The hosts of the entries it completed or told again. */
  readonly hosts: readonly Endpoint[];
  /** The names of entries it left incomplete and that were not asked about before. */
  readonly incomplete: readonly string[];
}

/** Collects the entries of one search. */
export class EntryCollector {
  readonly #service: string;
  // By name of the instance. Bounded by entriesMax.
  readonly #entries = new Map<string, Entry>();

  constructor(service: string) {
    this.#service = service;
  }

  /** Takes the records of one packet. */
  take(records: readonly DnsRecord[]): Heard {
    const touched = new Set<Entry>();
    // The order within a packet means nothing, so what leads to an entry is read first.
    for (const record of records) this.#takeName(record, touched);
    for (const record of records) this.#takeAddress(record, touched);
    const entries = [...touched];
    const incomplete = entries.filter((entry) => hostOf(entry) === undefined && !entry.wasAskedFor);
    for (const entry of incomplete) entry.wasAskedFor = true;
    return {
      hosts: entries.map(hostOf).filter((host) => host !== undefined),
      incomplete: incomplete.map(({ name }) => name),
    };
  }

  #takeName(record: DnsRecord, touched: Set<Entry>): void {
    if (record.kind === 'address') return;
    const entry = this.#entryOf(record.kind === 'pointer' ? record.target : record.name);
    if (entry === undefined) return;
    touched.add(entry);
    if (record.kind === 'text') entry.hasText = true;
    if (record.kind !== 'service') return;
    entry.port = record.port;
    entry.machine = record.target;
  }

  // Several nodes may share a machine, each with an address of its own: what the packet says of the machine
  // is meant for the entries of that packet. Only if it has none, those that still wait for an address get
  // it.
  #takeAddress(record: DnsRecord, touched: Set<Entry>): void {
    if (record.kind !== 'address') return;
    const isOnMachine = ({ machine }: Entry) => machine === record.name;
    const ofPacket = [...touched].filter(isOnMachine);
    const waiting = () => [...this.#entries.values()].filter((it) => isOnMachine(it) && !it.address);
    for (const entry of ofPacket.length > 0 ? ofPacket : waiting()) {
      entry.address = record.address;
      touched.add(entry);
    }
  }

  #entryOf(name: string): Entry | undefined {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    if (!name.endsWith(`.${this.#service}`) || this.#entries.size >= entriesMax) return undefined;
    const entry: Entry = { name, port: 0, hasText: false, wasAskedFor: false };
    this.#entries.set(name, entry);
    return entry;
  }
}

interface Entry {
  readonly name: string;
  port: number;
  hasText: boolean;
  /** The name of its machine. */
  machine?: string;
  address?: string;
  wasAskedFor: boolean;
}

function hostOf({ port, hasText, address }: Entry): Endpoint | undefined {
  return port === 0 || !hasText || address === undefined ? undefined : { host: address, port };
}

/** A network of one segment has hardly more nodes; should it, those beyond are met through the others. */
const entriesMax = 1024;
