// What was worked out of a record or a list, for whoever asks for it again: kept for as long as somebody has
// the record, and all forgotten at once when it is too much together.

/** How much is kept, in characters. */
export interface KeptMax {
  readonly together: number;
  /** Of one; larger ones are worked out each time. */
  readonly one: number;
}

/** Works something out once. What it is made of must not change. */
export function kept<Source extends object, Made>(
  make: (source: Source) => Made,
  charactersOf: (made: Made) => number,
  max: KeptMax,
): (source: Source) => Made {
  let all = new WeakMap<Source, Made>();
  let characters = 0;
  return (source) => {
    const known = all.get(source);
    if (known !== undefined) return known;
    const made = make(source);
    const more = charactersOf(made);
    if (more > max.one) return made;
    characters += more;
    if (characters > max.together) {
      all = new WeakMap();
      characters = more;
    }
    all.set(source, made);
    return made;
  };
}

/** The same of texts, by default of one kind of record. */
export function keptText<Source extends object>(
  format: (source: Source) => string,
  max = recordTexts,
): (source: Source) => string {
  return kept(format, (text) => text.length, max);
}

/** 40,000 services or so. */
const recordTexts: KeptMax = { together: 16 * 1024 * 1024, one: 1024 * 1024 };
