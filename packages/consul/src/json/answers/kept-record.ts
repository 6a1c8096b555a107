// The texts of records that are asked for again and again.

/**
 * Formats records, and remembers the texts of the last few, if they are short, for as long as somebody has
 * the record.
 */
export function keptRecord<Item extends object>(format: (item: Item) => string): (item: Item) => string {
  let texts = new WeakMap<Item, string>();
  let count = 0;
  return (item) => {
    const known = texts.get(item);
    if (known !== undefined) return known;
    const text = format(item);
    if (text.length > keptCharactersMax) return text;
    if (count === keptMax) {
      texts = new WeakMap();
      count = 0;
    }
    count++;
    texts.set(item, text);
    return text;
  };
}

const keptMax = 1_024;
const keptCharactersMax = 2_048;
