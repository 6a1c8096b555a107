// How something spreads among members: when each of them knew, and from that when half, 95 %, 99 % and all
// of them did. Next: formula.ts, what was to be expected.

import { type ClassicGossip, classicShare, classicTimeMs } from './formula.ts';

/** One piece of news: when it was new, and when those who should hear of it did, in that order. */
export interface News {
  readonly startMs: number;
  /** 0: it concerns nobody. */
  readonly audience: number;
  // Bounded by the audience.
  readonly heardAtMs: number[];
}

/** How quickly a share of the audience knew. */
export interface SpreadRow {
  /** 0 is the first of them, 0.5 half, 1 everybody. */
  readonly share: number;
  /** The average over all news; undefined when one of them did not get that far. */
  readonly meanMs: number | undefined;
  /** The slowest; undefined as above. */
  readonly slowestMs: number | undefined;
  /** The classic estimate, for everybody that of 99.99 %; undefined where it says nothing. */
  readonly formulaMs: number | undefined;
}

/** A point of a curve: who knew after a time. */
export interface SpreadPoint {
  readonly afterMs: number;
  /** The average over all news. */
  readonly share: number;
  readonly formula: number | undefined;
}

/** How one kind of news spreads. */
export interface Spread {
  /** What spreads, as in `a user event reaches members`. */
  readonly title: string;
  /** How many pieces of news were followed. */
  readonly news: number;
  readonly rows: readonly SpreadRow[];
  readonly curve: readonly SpreadPoint[];
}

/** What is told of a spread. */
export interface SpreadOptions {
  /** What the estimate goes by; without it there is none. */
  readonly gossip?: ClassicGossip;
  /** Also when the first one knew. */
  readonly withFirst?: boolean;
}

/** Sums up. */
export function spreadOf(title: string, news: readonly News[], options: SpreadOptions = {}): Spread {
  return { title, news: news.length, rows: rowsOf(news, options), curve: curveOf(news, options) };
}

function rowsOf(news: readonly News[], { gossip, withFirst = false }: SpreadOptions): SpreadRow[] {
  return [...(withFirst ? [0] : []), ...shares].map((share) => {
    const times = news.map((one) => timeOf(one, share));
    const known = times.filter((time) => time !== undefined);
    const isComplete = known.length === times.length && times.length > 0;
    return {
      share,
      meanMs: isComplete ? known.reduce((sum, ms) => sum + ms, 0) / known.length : undefined,
      slowestMs: isComplete ? Math.max(...known) : undefined,
      formulaMs: gossip && classicTimeMs(gossip, Math.min(share, almostAll)),
    };
  });
}

/** How long after its start a share of the audience knew. */
function timeOf({ startMs, audience, heardAtMs }: News, share: number): number | undefined {
  const last = heardAtMs[Math.max(1, Math.ceil(share * audience)) - 1];
  return last === undefined ? undefined : last - startMs;
}

/** From the start until a little after the last one knew. */
function curveOf(news: readonly News[], { gossip }: SpreadOptions): SpreadPoint[] {
  const latestMs = Math.max(0, ...news.map((one) => (one.heardAtMs.at(-1) ?? one.startMs) - one.startMs));
  const endMs = Math.max(latestMs, gossip ? classicTimeMs(gossip, almostAll) : 0);
  return Array.from({ length: curvePoints + 1 }, (_, index) => {
    const afterMs = (endMs * index) / curvePoints;
    return { afterMs, share: meanShare(news, afterMs), formula: gossip && classicShare(gossip, afterMs) };
  });
}

function meanShare(news: readonly News[], afterMs: number): number {
  const shareOf = ({ startMs, audience, heardAtMs }: News): number =>
    firstAfter(heardAtMs, startMs + afterMs) / Math.max(1, audience);
  return news.reduce((sum, one) => sum + shareOf(one), 0) / Math.max(1, news.length);
}

/** How many of the times, which are in order, are not after `ms`. */
function firstAfter(times: readonly number[], ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

const shares = [0.5, 0.95, 0.99, 1];
const almostAll = 0.9999;
const curvePoints = 100;
