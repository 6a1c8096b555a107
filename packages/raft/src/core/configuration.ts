// Who takes part: the servers of a cluster and whether they vote. Upstream: hashicorp/raft configuration.go.
// Next: configuration-change.ts (how it changes), membership.ts (which one is in force).

/** Whether a server counts for a quorum. `staging` is an old word for a non-voter on its way up. */
export type Suffrage = (typeof suffrages)[number];

/** In the order of the wire's numbers. */
export const suffrages = ['voter', 'nonvoter', 'staging'] as const;

/** One server. */
export interface Server {
  readonly suffrage: Suffrage;
  /** Unique and lasting: a node's UUID. */
  readonly id: string;
  /** Where its raft answers: `10.0.0.1:8300`. Unique, but may change. */
  readonly address: string;
}

/** All servers, in the order in which they came. At most one change is under way at a time. */
export interface Configuration {
  readonly servers: readonly Server[];
}

/** Before anything is known: nobody. */
export const noServers: Configuration = { servers: [] };

/** Those whose votes and logs count. */
export function votersOf(configuration: Configuration): readonly Server[] {
  return configuration.servers.filter(({ suffrage }) => suffrage === 'voter');
}

/** Whether a server's vote counts. */
export function isVoter(configuration: Configuration, id: string): boolean {
  return configuration.servers.some((server) => server.id === id && server.suffrage === 'voter');
}

/**
 * The highest value that a majority of the voters has reached. `heldBy` tells what one of them has: the last
 * entry it keeps, the time it was heard from.
 */
export function reachedByMajority({ servers }: Configuration, heldBy: (id: string) => number): number {
  const highestFirst: number[] = [];
  for (const { id, suffrage } of servers) {
    if (suffrage === 'voter') insert(highestFirst, heldBy(id));
  }
  return highestFirst[Math.floor(highestFirst.length / 2)] ?? 0;
}

/** They are few, and asked for several times a turn: `sort` would leave kilobytes of garbage each time. */
function insert(highestFirst: number[], value: number): void {
  let at = highestFirst.length;
  for (let before = highestFirst[at - 1]; before !== undefined && before < value; ) {
    highestFirst[at--] = before;
    before = highestFirst[at - 1];
  }
  highestFirst[at] = value;
}

/** What is wrong with a configuration, in upstream's words; undefined when nothing is. */
export function configurationFlaw(configuration: Configuration): string | undefined {
  const ids = new Set<string>();
  const addresses = new Set<string>();
  for (const server of configuration.servers) {
    const { id, address } = server;
    if (id === '') return `Empty ID in configuration: ${configurationText(configuration)}`;
    if (address === '') return `Empty address in configuration: ${serverText(server)}`;
    if (ids.has(id)) return `Found duplicate ID in configuration: ${id}`;
    if (addresses.has(address)) return `Found duplicate address in configuration: ${address}`;
    ids.add(id);
    addresses.add(address);
  }
  if (votersOf(configuration).length > 0) return undefined;
  return `Need at least one voter in configuration: ${configurationText(configuration)}`;
}

/** As Go prints the list of servers: `[{Suffrage:Voter ID:… Address:…}]`. Operators see it in `info`. */
export function serversText(configuration: Configuration): string {
  const texts = configuration.servers.map(
    ({ suffrage, id, address }) => `{Suffrage:${suffrageTexts[suffrage]} ID:${id} Address:${address}}`,
  );
  return `[${texts.join(' ')}]`;
}

function configurationText(configuration: Configuration): string {
  return `{[${configuration.servers.map(serverText).join(' ')}]}`;
}

function serverText({ suffrage, id, address }: Server): string {
  return `{${suffrageTexts[suffrage]} ${id} ${address}}`;
}

const suffrageTexts: Readonly<Record<Suffrage, string>> = {
  voter: 'Voter',
  nonvoter: 'Nonvoter',
  staging: 'Staging',
};
