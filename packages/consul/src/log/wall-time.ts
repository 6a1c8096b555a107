// The time of a line of the log. The wall clock has whole milliseconds only, the other one has the rest, but
// does not hear of it when the wall clock is set, or that the machine has slept.

let originMs = performance.timeOrigin;

/** Milliseconds since 1970, with fractions. */
export function wallTimeMs(): number {
  const [wallMs, sinceOriginMs] = [Date.now(), performance.now()];
  if (Math.abs(originMs + sinceOriginMs - wallMs) > apartMsMax) originMs = wallMs - sinceOriginMs;
  return originMs + sinceOriginMs;
}

const apartMsMax = 2;
