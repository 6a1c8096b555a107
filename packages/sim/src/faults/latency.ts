// How long things take: distributions, and the fault that puts one in the place of the usual latency.

import type { Random } from '@reeve/runtime';
import { everyWay, type Fault, type Way } from './fault.ts';

/** Draws one latency, milliseconds. */
export type Distribution = (random: Random) => number;

/** Always the same. */
export function constant(ms: number): Distribution {
  return () => ms;
}

/** Anything between two bounds. */
export function uniform(minMs: number, maxMs: number): Distribution {
  return (random) => minMs + random.float() * (maxMs - minMs);
}

/** Mostly short, sometimes long: waiting for something that happens at random. */
export function exponential(meanMs: number): Distribution {
  return (random) => -meanMs * Math.log(1 - random.float());
}

/**
 * What networks between cities measure: half of all below the median, and a long tail. With a spread of 1 a
 * sixth takes 2.7 times the median, one in a thousand 22 times.
 */
export function logNormal(medianMs: number, spread: number): Distribution {
  return (random) => medianMs * Math.exp(spread * normal(random));
}

/** Packets and streams take as long as `distribution` says. Of several such faults the last one set holds. */
export function latency(distribution: Distribution, way: Way = everyWay): Fault {
  return ({ network, random }) => {
    const before = network.latency;
    let isSet = true;
    network.latency = (from, to) => (isSet && way(from, to) ? distribution(random) : before(from, to));
    return () => {
      isSet = false;
    };
  };
}

/** A draw from the standard normal distribution, after Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}
