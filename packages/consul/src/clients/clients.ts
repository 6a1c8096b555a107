// Who is connected to one of our ports: the connections of each client, counted, and what it may take of our
// memory (share.ts). A client is an address, whatever runs there. Upstream: hashicorp/go-connlimit.

/** A client's place among the connected. */
export interface Admission<Budget> {
  readonly budget: Budget;
  /** To be called once, when the connection is gone. */
  readonly leave: () => void;
}

/** The clients of one port. `Budget` is what they may take there. */
export class Clients<Budget> {
  /** A further connection is refused; those that are there stay. */
  connectionsMax: number;
  readonly #newBudget: () => Budget;
  /** Bounded by connections: an address without any is forgotten. */
  readonly #byHost = new Map<string, { connections: number; readonly budget: Budget }>();

  constructor(connectionsMax: number, newBudget: () => Budget) {
    this.connectionsMax = connectionsMax;
    this.#newBudget = newBudget;
  }

  /** One more connection from there; undefined: it has as many as it may. */
  admit(host: string): Admission<Budget> | undefined {
    const client = this.#byHost.get(host) ?? { connections: 0, budget: this.#newBudget() };
    if (client.connections >= this.connectionsMax) return undefined;
    client.connections++;
    this.#byHost.set(host, client);
    const leave = () => {
      client.connections--;
      if (client.connections === 0) this.#byHost.delete(host);
    };
    return { budget: client.budget, leave };
  }
}
