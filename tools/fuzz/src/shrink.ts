// Makes something that fails smaller, as long as it still does: first halves are left out, then quarters, and
// so on to single items, until nothing more can go (ddmin: Zeller and Hildebrandt, 2002).

/** The smallest part of `whole` that was found in `msMax` for which `holds` is still true. */
export function shrink<T>(
  whole: readonly T[],
  holds: (part: readonly T[]) => boolean,
  msMax: number,
): readonly T[] {
  const deadline = performance.now() + msMax;
  let kept = whole;
  for (let size = Math.ceil(whole.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      if (performance.now() > deadline) return kept;
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (holds(without)) kept = without;
      else at += size;
    }
  }
  return kept;
}
