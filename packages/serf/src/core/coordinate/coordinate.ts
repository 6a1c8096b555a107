// A point in the space of network coordinates: the distance of two points estimates a round-trip time.
// Dabek et al., "Vivaldi: A Decentralized Network Coordinate System" (2004); with height and adjustment.
// Upstream: coordinate/coordinate.go. Unit: seconds. Distances are cut to whole nanoseconds, as upstream's
// Duration, so that both sides of a mixed cluster compute the same numbers. Next: client.ts.

/** Where a node is. `vec` has 8 components; all numbers are seconds, except `error`, which has no unit. */
export interface Coordinate {
  readonly vec: readonly number[];
  /** How far off the estimates are: 1.5 at first, towards 0 with confidence. */
  readonly error: number;
  /** Corrects what no point in space can express; the mean of recent errors. */
  readonly adjustment: number;
  /** The part of the distance to everybody that is this node's own access link. */
  readonly height: number;
}

/** The estimated round-trip time of two nodes in milliseconds. */
export function coordinateDistanceMs(a: Coordinate, b: Coordinate): number {
  return distance(a, b) * 1_000;
}

/** The estimated round-trip time in seconds: with both adjustments, unless that is not above 0. */
export function distance(a: Coordinate, b: Coordinate): number {
  const raw = rawDistance(a, b);
  const adjusted = raw + a.adjustment + b.adjustment;
  return cutToNanoseconds(adjusted > 0 ? adjusted : raw);
}

/** The distance of the points and their heights, without adjustments. */
export function rawDistance(a: Coordinate, b: Coordinate): number {
  return magnitude(difference(a.vec, b.vec)) + a.height + b.height;
}

/** Whether every component is a number that can be computed with. */
export function isValid({ vec, error, adjustment, height }: Coordinate): boolean {
  return [...vec, error, adjustment, height].every(Number.isFinite);
}

/**
 * Pushes `from` away from `other` by `force` seconds (towards it when negative). Where the two coincide the
 * direction is left to `chance`, numbers in [0, 1).
 */
export function applyForce(
  from: Coordinate,
  other: Coordinate,
  force: number,
  heightMin: number,
  chance: () => number,
): Coordinate {
  const apart = difference(from.vec, other.vec);
  const length = magnitude(apart);
  const isApart = length > zeroThreshold;
  const unit = isApart ? scaleToUnit(apart, length) : randomUnit(apart.length, chance);
  const height = isApart ? ((from.height + other.height) * force) / length + from.height : from.height;
  return {
    ...from,
    vec: from.vec.map((each, axis) => each + (unit[axis] ?? 0) * force),
    height: isApart ? Math.max(height, heightMin) : height,
  };
}

function randomUnit(dimensions: number, chance: () => number): readonly number[] {
  const direction = Array.from({ length: dimensions }, () => chance() - 0.5);
  const length = magnitude(direction);
  if (length > zeroThreshold) return scaleToUnit(direction, length);
  return direction.map((_, axis) => (axis === 0 ? 1 : 0));
}

/** Multiplies by the inverse, as upstream, so that not even the last bit differs. */
function scaleToUnit(vec: readonly number[], length: number): readonly number[] {
  const inverse = 1 / length;
  return vec.map((each) => each * inverse);
}

function difference(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.map((each, axis) => each - (b[axis] ?? 0));
}

function magnitude(vec: readonly number[]): number {
  let sum = 0;
  for (const each of vec) sum += each * each;
  return Math.sqrt(sum);
}

function cutToNanoseconds(seconds: number): number {
  const nanoseconds = Math.trunc(seconds * 1e9);
  return Math.trunc(nanoseconds / 1e9) + (nanoseconds % 1e9) / 1e9;
}

/** Nearer points count as one; shorter times count as this. */
export const zeroThreshold = 1e-6;
