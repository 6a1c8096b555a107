// Names of metrics, kept harmless and few. Most are written in our sources, but some end in what others
// thought up: the name of a user event or a query, which any peer may invent, or the text of a handler.
//
// Upstream keeps every name for ever and lets a name with a line end in it forge lines at the statsd server.
// Here a name is one word of at most `nameCharsMax`, and of those that peers invent only the first
// `inventedMax` of a period keep their own; the others share one.

/** A name that can stand in a line of statsd: no spaces, no control characters, none of its separators. */
export function cleanMetricName(name: string): string {
  return name.slice(0, nameCharsMax).replace(unclean, '_');
}

/** Tells the names that may be kept from those that are too many. */
export class InventedNames {
  readonly #periodMs: number;
  // Bounded by inventedMax.
  readonly #known = new Set<string>();
  #periodEndsAtMs = Number.NEGATIVE_INFINITY;

  /** `periodMs`: how long names are remembered; afterwards all are new. */
  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** `name`, or the name that stands for all of its kind if there are too many: `serf.events.OTHERS`. */
  fold(name: string, nowMs: number): string {
    const prefix = inventedPrefixOf(name);
    if (prefix === undefined) return name;
    if (nowMs >= this.#periodEndsAtMs) {
      this.#known.clear();
      this.#periodEndsAtMs = nowMs + this.#periodMs;
    }
    if (this.#known.size >= inventedMax && !this.#known.has(name)) return `${prefix}${others}`;
    this.#known.add(name);
    return name;
  }
}

/** Whether the name ends in what a peer thought up. */
export function isInvented(name: string): boolean {
  return inventedPrefixOf(name) !== undefined;
}

function inventedPrefixOf(name: string): string | undefined {
  return inventedPrefixes.find((start) => name.startsWith(start));
}

const nameCharsMax = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get out
const unclean = /[\s:|\u0000-\u001f\u007f-\u009f]/g;
const inventedPrefixes = ['serf.events.', 'serf.queries.'];
const inventedMax = 256;
const others = 'OTHERS';
