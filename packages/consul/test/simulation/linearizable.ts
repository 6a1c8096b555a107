// Whether all clients could have seen what they saw if each request had happened at one moment between its
// beginning and its end. The search of Wing and Gong, with Lowe's memory of what was tried:
// "Testing for linearizability", Concurrency and Computation 29(4), 2017. Keys are looked at one by one: a
// history is linearizable exactly if that of each key is (Herlihy and Wing, theorem 1).
//
// A request without an answer may have happened at any time, or never, and with dozens of them orders are
// without number. But one is needed only where the next request sees what it did – otherwise it may as well
// never have happened –, and of those whose effects nobody can tell apart the oldest will do.

import { grouped, type KeyOperation } from './history.ts';

/** The first key whose requests cannot be put in an order; undefined: all can. */
export function keyNotLinearizable(operations: readonly KeyOperation[]): string | undefined {
  const byKey = grouped(operations, ({ key }) => key);
  for (const [key, own] of byKey) if (!isLinearizable(own)) return key;
  return undefined;
}

/** Whether requests to one key, which is not there at first, can be put in an order. */
export function isLinearizable(operations: readonly KeyOperation[]): boolean {
  const head = linked(operations);
  const done: { readonly call: Entry; readonly before: State }[] = [];
  const tried = new Set<string>();
  let answersLeft = operations.filter((operation) => !isLost(operation)).length;
  let state: State = { value: null, isUnseen: false };
  let linearized = 0n;
  let entry = head.next;
  while (answersLeft > 0) {
    if (entry?.isCall) {
      const isAllowed = ((entry.older?.bit ?? 0n) & ~linearized) === 0n;
      const after: State | undefined = isAllowed ? stateAfter(state, entry.operation) : undefined;
      const next = linearized | entry.bit;
      const isNew = after && isFirst(tried, `${next.toString(36)} ${after.isUnseen} ${after.value}`);
      if (isNew) {
        done.push({ call: entry, before: state });
        state = after;
        linearized = next;
        if (!isLost(entry.operation)) answersLeft--;
        lift(entry);
        entry = head.next;
      } else entry = entry.next;
      continue;
    }
    // A request has ended that had to happen before: what was tried last is taken back.
    const last = done.pop();
    if (last === undefined) return false;
    state = last.before;
    linearized &= ~last.call.bit;
    if (!isLost(last.call.operation)) answersLeft++;
    unlift(last.call);
    entry = last.call.next;
  }
  return true;
}

/** What a key holds; null: it is not there. */
type Value = string | null;

interface State {
  readonly value: Value;
  /** It comes from a request without an answer, and the next request has to see it. */
  readonly isUnseen: boolean;
}

/** A beginning, which knows its end unless there is none, or an end. */
interface Entry {
  readonly operation: KeyOperation;
  readonly bit: bigint;
  readonly isCall: boolean;
  readonly end: Entry | undefined;
  /** Another one without an answer that does the same and comes first. */
  readonly older: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

function isLost({ returned }: KeyOperation): boolean {
  return returned === Number.POSITIVE_INFINITY;
}

/** The state after a request; undefined: it cannot have happened now, or need not have. */
function stateAfter({ value, isUnseen }: State, operation: KeyOperation): State | undefined {
  const { input, output } = operation;
  if (isLost(operation)) return stateAfterLost({ value, isUnseen }, operation);
  switch (input.kind) {
    case 'read':
      return output === value ? { value, isUnseen: false } : undefined;
    case 'write':
      return isUnseen ? undefined : { value: input.value, isUnseen };
    case 'delete':
      return isUnseen ? undefined : { value: null, isUnseen };
    case 'cas': {
      const isDone = value === input.expected;
      if (output !== isDone) return undefined;
      return { value: isDone ? input.value : value, isUnseen: false };
    }
  }
}

function stateAfterLost({ value, isUnseen }: State, { input }: KeyOperation): State | undefined {
  if (input.kind === 'read') return undefined;
  const isSeen = input.kind === 'cas' && input.expected === value;
  if (isUnseen && !isSeen) return undefined;
  if (input.kind === 'cas' && !isSeen) return undefined;
  const after = input.kind === 'delete' ? null : input.value;
  return after === value ? undefined : { value: after, isUnseen: true };
}

/** Beginnings and ends in a list, in the order in which they happened, behind a head. */
function linked(operations: readonly KeyOperation[]): Entry {
  const seen = valuesSeen(operations);
  const oldest = new Map<string, Entry>();
  const placed: { readonly at: number; readonly entry: Entry }[] = [];
  const inOrder = operations.toSorted((a, b) => a.invoked - b.invoked);
  for (const [i, operation] of inOrder.entries()) {
    const parts = { ...noEntry, operation, bit: 1n << BigInt(i) };
    const effect = isLost(operation) ? effectOf(operation, seen) : undefined;
    const end: Entry | undefined = isLost(operation) ? undefined : { ...parts };
    const older = effect === undefined ? undefined : oldest.get(effect);
    const call: Entry = { ...parts, isCall: true, end, older };
    if (effect !== undefined) oldest.set(effect, call);
    placed.push({ at: operation.invoked, entry: call });
    if (end !== undefined) placed.push({ at: operation.returned, entry: end });
  }
  const head: Entry = { ...noEntry };
  let last = head;
  for (const { entry } of placed.toSorted((a, b) => a.at - b.at)) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

/** Values that some answer or condition names. */
function valuesSeen(operations: readonly KeyOperation[]): ReadonlySet<unknown> {
  return new Set(operations.map(({ input, output }) => (input.kind === 'cas' ? input.expected : output)));
}

/** Equal for requests whose effects nobody can tell apart. */
function effectOf({ input }: KeyOperation, seen: ReadonlySet<unknown>): string {
  if (input.kind === 'read' || input.kind === 'delete') return input.kind;
  const value = seen.has(input.value) ? input.value : 'unseen';
  return input.kind === 'cas' ? `cas ${input.expected} ${value}` : `write ${value}`;
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
  isCall: false,
  end: undefined,
  older: undefined,
  previous: undefined,
  next: undefined,
};
