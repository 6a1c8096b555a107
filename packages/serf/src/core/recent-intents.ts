// Intents about members we have not met: gossip may bring "web1 leaves" before "web1 is alive".
// Upstream: serf.go (recentIntents, upsertIntent, recentIntent, reapIntents).

/** The newest intent about one name. */
export interface RecentIntent {
  readonly kind: 'join' | 'leave';
  readonly lTime: number;
  /** When we heard it, on the monotonic clock. */
  readonly heardAtMs: number;
}

/** One intent a name, for some minutes. */
export class RecentIntents {
  // Bounded by intentsMax entries, oldest first, and nameCharactersMax characters each.
  readonly #byName = new Map<string, RecentIntent>();
  readonly #intentsMax: number;

  constructor(intentsMax: number) {
    this.#intentsMax = intentsMax;
  }

  get size(): number {
    return this.#byName.size;
  }

  get(name: string): RecentIntent | undefined {
    return this.#byName.get(name);
  }

  /** Remembers an intent newer than what is known; says whether it was. Only then is it worth passing on. */
  remember(name: string, intent: RecentIntent): boolean {
    const known = this.#byName.get(name);
    if (known !== undefined && intent.lTime <= known.lTime) return false;
    if (name.length > nameCharactersMax) return false;
    this.#byName.delete(name); // so that it moves to the end
    this.#byName.set(name, intent);
    if (this.#byName.size > this.#intentsMax) this.#forgetOldest(Math.ceil(this.#intentsMax / 8));
    return true;
  }

  /** Forgets what was heard before. */
  forgetBefore(timeMs: number): void {
    for (const [name, { heardAtMs }] of this.#byName) {
      if (heardAtMs >= timeMs) return;
      this.#byName.delete(name);
    }
  }

  /** Many at once: a map steps over every entry that was deleted before its first. */
  #forgetOldest(count: number): void {
    let left = count;
    for (const name of this.#byName.keys()) {
      if (left-- === 0) return;
      this.#byName.delete(name);
    }
  }
}

/** Longer names fit no gossip packet together with the rest of an alive message. */
const nameCharactersMax = 1_024;
