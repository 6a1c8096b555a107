// A text in JSON that is sent again and again: its bytes, indented or packed, are worked out once, when
// somebody wants them so. What made the text does not change (core/state/service-health.ts).

import { indentJson } from '@reeve/cli';
import { jsonList } from '../json/answers/list.ts';
import { pack } from './gzip.ts';

/** A JSON text in the forms in which it is sent. */
export class JsonText {
  readonly text: string;
  #bytes: Uint8Array | undefined;
  #packed: Promise<Uint8Array> | undefined;
  #indented: JsonText | undefined;

  /** @param text compact */
  constructor(text: string) {
    this.text = text;
  }

  get bytes(): Uint8Array {
    this.#bytes ??= Buffer.from(this.text);
    return this.#bytes;
  }

  get packed(): Promise<Uint8Array> {
    this.#packed ??= pack(this.bytes);
    return this.#packed;
  }

  /** For people: over many lines, each with its end. */
  get indented(): JsonText {
    this.#indented ??= new JsonText(indentedJson(this.text));
    return this.#indented;
  }
}

/** Compact JSON as people read it. */
export function indentedJson(compact: string): string {
  return `${indentJson(compact, '    ')}\n`;
}

/**
 * Formats lists of records, and remembers the text of each list for as long as somebody has the list; all
 * are forgotten at once when they are too long together. Checks of a node are in the lists of all of its
 * services, so lists can have far more than there is.
 */
export function keptList<Item>(
  format: (item: Item) => string,
  charactersMax = keptCharactersMax,
): (items: readonly Item[] | null) => JsonText {
  let texts = new WeakMap<readonly Item[], JsonText>();
  let characters = 0;
  return (items) => {
    const known = items === null ? undefined : texts.get(items);
    if (known !== undefined) return known;
    const text = new JsonText(jsonList(items, format));
    if (items === null || text.text.length > charactersMax) return text;
    characters += text.text.length;
    if (characters > charactersMax) {
      texts = new WeakMap();
      characters = text.text.length;
    }
    texts.set(items, text);
    return text;
  };
}

/** Some four times as much memory, with the bytes and what was indented. */
const keptCharactersMax = 16 * 1024 * 1024;
