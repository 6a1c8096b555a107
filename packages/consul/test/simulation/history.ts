// What clients asked and were told, in the order in which it happened.
//
// `invoked` and `returned` count all beginnings and ends of a run together: of two that happen at the same
// virtual time one still comes first.

/** One request to a key. Every value is written once only, so that who reads it knows which write it was. */
export interface KeyOperation {
  readonly key: string;
  readonly input: KeyInput;
  readonly invoked: number;
  /** Infinity: it failed, or nobody answered; it may take effect at any time, or never. */
  readonly returned: number;
  /** What a read found, or whether a `cas` was done; undefined if nobody knows, or there is nothing to. */
  readonly output?: string | null | boolean;
}

/** What is asked of a key. */
export type KeyInput =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: string }
  | { readonly kind: 'delete' }
  /** Writes if the key has the value that was read before; null: if it is not there. */
  | { readonly kind: 'cas'; readonly expected: string | null; readonly value: string };

/** The index that an answer carried. */
export interface SeenIndex {
  readonly key: string;
  readonly invoked: number;
  readonly returned: number;
  readonly index: number;
  /** The life of the server that answered from its own state; undefined: the whole cluster did. */
  readonly life: string | undefined;
}

/** A lock that a client was told it has. Times are virtual milliseconds. */
export interface Hold {
  readonly key: string;
  readonly session: string;
  /** When it was asked for, and when it was told. */
  readonly askedMs: number;
  readonly toldMs: number;
  /** The leader and its term in all that time; undefined: there may have been others. */
  readonly leader: string | undefined;
  /** It ends with this request at the latest, if its client gives it up. */
  releasedMs: number;
  /** No earlier than this the session can end by its TTL. */
  expiresMs: number;
  /** Its client had the session ended, was told so, and by one leader. */
  destroyed: { readonly askedMs: number; readonly toldMs: number; readonly leader: string } | undefined;
}

/** A question that waits for a key at one server. */
export interface Waiting {
  readonly server: string;
  /** Which life of the server; another one does not know who waited. */
  readonly life: string;
  readonly key: string;
  readonly index: number;
  /** Whether the key was there when it was read last. */
  readonly wasThere: boolean;
  readonly sinceMs: number;
  readonly waitMs: number;
  isOver: boolean;
  /** Since when the server has had news and not told them; undefined: it has none. */
  lateSinceMs: number | undefined;
}

/** Items that have something in common, in the order in which they are met. */
export function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
