// Durations as Go reads and writes them: `1h2m3.5s`, `500ms`, `1m0s`.
// Rules and error texts from Go's time.ParseDuration and Duration.String. Go counts nanoseconds in an int64;
// so does the arithmetic here, and only the result is turned into the milliseconds the rest of Reeve uses.

/**
 * Reads a duration; the result is in milliseconds, fractions included, and may be negative.
 * @throws Error with Go's text: `time: invalid duration "xx"`, `time: missing unit in duration "10"`.
 */
export function parseDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0;
  const totalNs = sumOfParts(unsigned, text);
  if (totalNs > (sign < 0 ? int64Max + 1n : int64Max)) throw invalid(text);
  return (sign * Number(totalNs)) / nsPerMs;
}

/** Writes a duration the way Go prints it, to the nanosecond: `1.5s`, `1m0s`, `0s`. */
export function formatDuration(durationMs: number): string {
  const ns = BigInt(Math.round(Math.abs(durationMs) * nsPerMs));
  if (ns === 0n) return '0s';
  return (durationMs < 0 ? '-' : '') + formatPositive(ns);
}

function sumOfParts(unsigned: string, whole: string): bigint {
  let rest = unsigned;
  let totalNs = 0n;
  do {
    const [part = '', integer = '', fraction = '', unit = ''] = durationPart.exec(rest) ?? [];
    if ((integer === '' && fraction === '') || isTooLong(integer)) throw invalid(whole);
    if (unit === '') throw new Error(`time: missing unit in duration ${quoteBytes(whole)}`);
    const unitNs = unitsNs.get(unit);
    if (unitNs === undefined) {
      throw new Error(`time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(whole)}`);
    }
    totalNs += BigInt(integer) * unitNs + fractionOf(fraction, unitNs);
    if (totalNs > int64Max + 1n) throw invalid(whole);
    rest = rest.slice(part.length);
  } while (rest !== '');
  return totalNs;
}

/** Whether digits cannot fit an int64; Go finds that out before it looks for the unit. */
function isTooLong(integer: string): boolean {
  const digits = integer.replace(/^0+/, '');
  return digits.length > int64Digits || BigInt(digits) > int64Max + 1n;
}

/** What `.fraction` of a unit is in whole nanoseconds, rounded down. */
function fractionOf(fraction: string, unitNs: bigint): bigint {
  const digits = fraction.slice(0, fractionDigitsMax);
  return (BigInt(digits) * unitNs) / 10n ** BigInt(digits.length);
}

function formatPositive(ns: bigint): string {
  if (ns < 1_000n) return `${ns}ns`;
  if (ns < 1_000_000n) return `${decimal(ns, 3)}µs`;
  if (ns < 1_000_000_000n) return `${decimal(ns, 6)}ms`;
  const minutes = ns / minuteNs;
  const seconds = `${decimal(ns % minuteNs, 9)}s`;
  if (minutes === 0n) return seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${minutes}m${seconds}` : `${hours}h${minutes % 60n}m${seconds}`;
}

/** A number with `places` digits behind the point, without the zeros at its end. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

function invalid(text: string): Error {
  return new Error(`time: invalid duration ${quoteBytes(text)}`);
}

/** Go's time package quotes by bytes: everything outside printable ASCII as `\x..`. */
function quoteBytes(text: string): string {
  const quoted = [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, '0')}`;
    return character === '"' || character === '\\' ? `\\${character}` : character;
  });
  return `"${quoted.join('')}"`;
}

/** A number and its unit; a unit is everything up to the next digit or point. */
const durationPart = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/;
const int64Max = 2n ** 63n - 1n;
const int64Digits = 19;
const nsPerMs = 1e6;
const minuteNs = 60_000_000_000n;
/** No unit resolves more digits than this: an hour has 3.6e12 nanoseconds. Also a bound on hostile text. */
const fractionDigitsMax = 18;
const unitsNs = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n], // the micro sign
  ['\u03bcs', 1_000n], // the Greek letter mu
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', minuteNs],
  ['h', 60n * minuteNs],
]);
