// What happened to the servers of a storm, as numbers and as lines. It counts what really happened: a cut
// that no message met is none, and a power cut between two writes tears nothing.

/** What happened in a run, as numbers. */
export type Happened = Readonly<Record<Happening, number>>;

/** What can happen. */
export type Happening = keyof typeof words;

/** Of one run. */
export class Diary {
  readonly #now: () => number;
  readonly #counts = new Map<Happening, number>();
  readonly #lines: string[] = [];

  /** @param now tells virtual milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All that was noted, with its time. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  note(what: string): void {
    this.#lines.push(`${(this.#now() / 1_000).toFixed(3)} s: ${what}`);
  }

  count(what: Happening): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** What was counted, and what is known from elsewhere. */
  happened(told: Partial<Happened>): Happened {
    return Object.fromEntries(
      kinds.map((kind) => [kind, told[kind] ?? this.#counts.get(kind) ?? 0]),
    ) as Happened;
  }
}

/** `17 messages cut off, 3 power cuts`; only what happened. */
export function describeHappened(happened: Happened): string {
  return kinds
    .flatMap((kind) => (happened[kind] === 0 ? [] : [`${happened[kind]} ${words[kind]}`]))
    .join(', ');
}

const words = {
  cutOff: 'packets cut off',
  heldUp: 'messages held up',
  late: 'messages late',
  blocks: 'blocked processes',
  clockJumps: 'jumps of clocks',
  powerCuts: 'power cuts',
  lostWrites: 'writes lost',
  tornWrites: 'writes torn',
  tornFiles: 'files cut short',
  restarts: 'restarts',
  transfers: 'transfers of leadership',
  twoLeaders: 'moments with two leaders',
  leaves: 'servers that left',
  removals: 'servers removed by operators',
  newcomers: 'new servers',
  deadRemoved: 'removals of the dead',
  promotions: 'servers that may vote again',
  elections: 'leaders',
  restores: 'restored snapshots',
  installs: 'of them sent by leaders',
  followerReads: 'reads answered by followers',
};
const kinds = Object.keys(words) as Happening[];
