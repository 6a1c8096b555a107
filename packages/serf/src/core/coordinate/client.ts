// Vivaldi with refinements: a latency filter, adjustment terms, gravity. Upstream: coordinate/client.go.
// Each accepted round trip moves our coordinate a little towards where it explains the measurement.
// Unit: seconds.
// Invariant: our own coordinate is always valid; when arithmetic runs away it starts over.

import { applyForce, type Coordinate, distance, isValid, rawDistance, zeroThreshold } from './coordinate.ts';

/** What an observation did: the new coordinate of ours, or why it was refused. */
export type Observation =
  | { readonly accepted: true; readonly coordinate: Coordinate }
  | { readonly accepted: false; readonly reason: string };

/** One node's coordinate and what it needs to improve it. */
export class CoordinateClient {
  readonly #chance: () => number;
  #coordinate = origin;
  #resets = 0;
  /** A ring: how far off recent estimates were. */
  readonly #adjustmentSamples: number[] = new Array(adjustmentWindow).fill(0);
  #adjustmentAt = 0;
  // Bounded by latencyFilterSize samples a node, and by who is told to be forgotten: one entry a member.
  readonly #latencySamples = new Map<string, readonly number[]>();

  /** @param chance numbers in [0, 1), for a direction where two nodes are in the same spot. */
  constructor(chance: () => number) {
    this.#chance = chance;
  }

  get coordinate(): Coordinate {
    return this.#coordinate;
  }

  /** How often arithmetic ran away. */
  get resets(): number {
    return this.#resets;
  }

  /** A round trip to a node and the coordinate it claims. */
  observe(node: string, other: Coordinate, rttSeconds: number): Observation {
    if (other.vec.length !== dimensions) return { accepted: false, reason: "dimensions aren't compatible" };
    if (!isValid(other)) return { accepted: false, reason: 'coordinate is invalid' };
    if (!(rttSeconds >= 0 && rttSeconds <= rttMaxSeconds)) {
      const range = `a positive value less than ${rttMaxSeconds}s`;
      return {
        accepted: false,
        reason: `round trip time not in valid range, duration ${rttSeconds}s is not ${range} `,
      };
    }
    const rtt = this.#filterLatency(node, rttSeconds);
    this.#updateVivaldi(other, rtt);
    this.#updateAdjustment(other, rtt);
    this.#updateGravity();
    if (!isValid(this.#coordinate)) {
      this.#resets++;
      this.#coordinate = origin;
    }
    return { accepted: true, coordinate: this.#coordinate };
  }

  /** The node is gone: its samples mean nothing any more. */
  forget(node: string): void {
    this.#latencySamples.delete(node);
  }

  /** The median of the last samples, so that one slow packet moves nothing; of two, the larger. */
  #filterLatency(node: string, rttSeconds: number): number {
    const samples = [...(this.#latencySamples.get(node) ?? []), rttSeconds].slice(-latencyFilterSize);
    this.#latencySamples.set(node, samples);
    return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? rttSeconds;
  }

  #updateVivaldi(other: Coordinate, rttSeconds: number): void {
    const mine = this.#coordinate;
    const estimate = distance(mine, other);
    const rtt = Math.max(rttSeconds, zeroThreshold);
    const wrongness = Math.abs(estimate - rtt) / rtt;

    const totalError = Math.max(mine.error + other.error, zeroThreshold);
    const weight = mine.error / totalError;
    const error = errorWeight * weight * wrongness + mine.error * (1 - errorWeight * weight);

    const force = forceWeight * weight * (rtt - estimate);
    this.#coordinate = this.#push({ ...mine, error: Math.min(error, errorMax) }, other, force);
  }

  #updateAdjustment(other: Coordinate, rttSeconds: number): void {
    this.#adjustmentSamples[this.#adjustmentAt] = rttSeconds - rawDistance(this.#coordinate, other);
    this.#adjustmentAt = (this.#adjustmentAt + 1) % adjustmentWindow;
    let sum = 0;
    for (const sample of this.#adjustmentSamples) sum += sample;
    this.#coordinate = { ...this.#coordinate, adjustment: sum / (2 * adjustmentWindow) };
  }

  /** Pulls everybody towards the origin, so that the whole cluster does not drift. */
  #updateGravity(): void {
    const force = -((distance(origin, this.#coordinate) / gravityRho) ** 2);
    this.#coordinate = this.#push(this.#coordinate, origin, force);
  }

  #push(from: Coordinate, other: Coordinate, force: number): Coordinate {
    return applyForce(from, other, force, heightMin, this.#chance);
  }
}

const dimensions = 8;
const errorMax = 1.5;
/** Vivaldi's c_e and c_c. */
const errorWeight = 0.25;
const forceWeight = 0.25;
const adjustmentWindow = 20;
const heightMin = 10e-6;
const latencyFilterSize = 3;
const gravityRho = 150;
const rttMaxSeconds = 10;

/** Where everybody starts. */
const origin: Coordinate = {
  vec: new Array(dimensions).fill(0),
  error: errorMax,
  adjustment: 0,
  height: heightMin,
};
