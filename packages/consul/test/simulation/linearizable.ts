// Whether all clients could have seen what they saw if each request had happened at one moment between its
// beginning and its end. The search of Wing and Gong, with Lowe's memory of what was tried:
// "Testing for linearizability", Concurrency and Computation 29(4), 2017. Keys are looked at one by one: a
// history is linearizable exactly if that of each key is (Herlihy and Wing, theorem 1).

import { grouped, type KeyInput, type KeyOperation } from './history.ts';

/** The first key whose requests cannot be put in an order; undefined: all can. */
export function keyNotLinearizable(operations: readonly KeyOperation[]): string | undefined {
  const byKey = grouped(operations, ({ key }) => key);
  for (const [key, own] of byKey) if (!isLinearizable(own)) return key;
  return undefined;
}

/** Whether requests to one key, which is not there at first, can be put in an order. */
export function isLinearizable(operations: readonly KeyOperation[]): boolean {
  const head = linked(operations);
  const done: { readonly call: Entry; readonly before: Value }[] = [];
  const tried = new Set<string>();
  let value: Value = null;
  let linearized = 0n;
  let entry = head.next;
  while (head.next !== undefined) {
    if (entry?.end !== undefined) {
      const after: Value | undefined = valueAfter(value, entry.operation);
      const next = linearized | entry.bit;
      const isNew = after !== undefined && isFirst(tried, `${next.toString(36)} ${after}`);
      if (isNew) {
        done.push({ call: entry, before: value });
        value = after;
        linearized = next;
        lift(entry);
        entry = head.next;
      } else entry = entry.next;
      continue;
    }
    // A request has ended that had to happen before: what was tried last is taken back.
    const last = done.pop();
    if (last === undefined) return false;
    value = last.before;
    linearized &= ~last.call.bit;
    unlift(last.call);
    entry = last.call.next;
  }
  return true;
}

/** What a key holds; null: it is not there. */
type Value = string | null;

/** A beginning, which knows its end, or an end. */
interface Entry {
  readonly operation: KeyOperation;
  readonly bit: bigint;
  readonly end: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** What the key holds after a request; undefined: the request cannot have been answered as it was. */
function valueAfter(value: Value, { input, output }: KeyOperation): Value | undefined {
  switch (input.kind) {
    case 'read':
      return output === value ? value : undefined;
    case 'write':
      return input.value;
    case 'delete':
      return null;
    case 'cas':
      return valueAfterCas(value, input, output);
  }
}

function valueAfterCas(
  value: Value,
  { expected, value: wanted }: Extract<KeyInput, { readonly kind: 'cas' }>,
  output: KeyOperation['output'],
): Value | undefined {
  const isDone = value === expected;
  if (output !== undefined && output !== isDone) return undefined;
  return isDone ? wanted : value;
}

/** Beginnings and ends in a list, in the order in which they happened, behind a head. */
function linked(operations: readonly KeyOperation[]): Entry {
  const entries = operations.flatMap((operation, i) => {
    const bit = 1n << BigInt(i);
    const end: Entry = { operation, bit, end: undefined, previous: undefined, next: undefined };
    const call: Entry = { operation, bit, end, previous: undefined, next: undefined };
    return [
      { at: operation.invoked, entry: call },
      { at: operation.returned, entry: end },
    ];
  });
  const head: Entry = { ...noEntry };
  let last = head;
  for (const { entry } of entries.toSorted((a, b) => compareTimes(a.at, b.at))) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function compareTimes(a: number, b: number): number {
  return a === b ? 0 : a - b; // Infinity minus Infinity is no number
}

/** Takes a request out of the list. */
function lift(call: Entry): void {
  for (const entry of [call, call.end]) {
    if (entry?.previous) entry.previous.next = entry.next;
    if (entry?.next) entry.next.previous = entry.previous;
  }
}

/** Puts it back where it was: its end first, as it was taken out last. */
function unlift(call: Entry): void {
  for (const entry of [call.end, call]) {
    if (entry?.previous) entry.previous.next = entry;
    if (entry?.next) entry.next.previous = entry;
  }
}

function isFirst(tried: Set<string>, state: string): boolean {
  if (tried.has(state)) return false;
  tried.add(state);
  return true;
}

const noEntry: Entry = {
  operation: { key: '', input: { kind: 'read' }, invoked: 0, returned: 0 },
  bit: 0n,
  end: undefined,
  previous: undefined,
  next: undefined,
};
