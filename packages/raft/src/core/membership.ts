// Which configuration is in force. Raft thesis, section 4.1: a server uses the newest one in its log, whether
// it is committed or not; at most one is not. Upstream: hashicorp/raft configuration.go (configurations).

import { type Configuration, noServers, type Server } from './configuration.ts';
import type { LogEntry } from './log-entry.ts';
import { decodeConfiguration, decodePeers } from './wire/configuration.ts';

/** The newest two configurations of a log. */
export class Membership {
  #committed: Configuration;
  #committedIndex: number;
  #latest: Configuration;
  #latestIndex: number;

  /** Starts with the one of a snapshot; nobody and 0 without one. */
  constructor(configuration: Configuration = noServers, index = 0) {
    this.#committed = configuration;
    this.#committedIndex = index;
    this.#latest = configuration;
    this.#latestIndex = index;
  }

  /** The newest committed one, and its entry. */
  get committed(): Configuration {
    return this.#committed;
  }

  get committedIndex(): number {
    return this.#committedIndex;
  }

  /** The one in force, and its entry; 0 before there is any. */
  get latest(): Configuration {
    return this.#latest;
  }

  get latestIndex(): number {
    return this.#latestIndex;
  }

  /** No change is under way. */
  get isStable(): boolean {
    return this.#latestIndex === this.#committedIndex;
  }

  /** The server in force with an id. */
  server(id: string): Server | undefined {
    return this.#latest.servers.find((server) => server.id === id);
  }

  /** An entry came to the log. One configuration after another means that the first is committed. */
  onAppended(entry: LogEntry): void {
    const configuration = configurationOf(entry);
    if (configuration === undefined) return;
    this.#committed = this.#latest;
    this.#committedIndex = this.#latestIndex;
    this.#latest = configuration;
    this.#latestIndex = entry.index;
  }

  /** Entries from here on are gone. */
  onTruncated(from: number): void {
    if (from > this.#latestIndex) return;
    this.#latest = this.#committed;
    this.#latestIndex = this.#committedIndex;
  }

  /** Entries up to here are committed. */
  onCommitted(index: number): void {
    if (this.#latestIndex > index) return;
    this.#committed = this.#latest;
    this.#committedIndex = this.#latestIndex;
  }
}

/** The configuration in an entry; undefined in all others. */
function configurationOf({ type, data }: LogEntry): Configuration | undefined {
  switch (type) {
    case 'configuration':
      return decodeConfiguration(data);
    case 'add-peer-deprecated':
    case 'remove-peer-deprecated':
      return decodePeers(data);
    default:
      return undefined;
  }
}
