// The few numbers that many are told by. Next: report.ts.

/** Middle and ends of some numbers. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one number; of nothing but NaN if one of them is, for then something went wrong. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.some(Number.isNaN)) return { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values) };
}

/** What this share of the numbers does not exceed, for 0 < share <= 1; linear between neighbours. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('there is no quantile of nothing');
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}
