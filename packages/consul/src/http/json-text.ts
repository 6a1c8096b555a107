// A text in JSON that is sent again and again: its bytes, indented or packed, are worked out once, when
// somebody wants them so. What made the text does not change (core/state/service-health.ts).

import { indentJson } from '@reeve/cli';
import { kept } from '../remembered/by-record.ts';
import { pack } from './gzip.ts';
import { LongText, longList } from './long-text.ts';

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
 * Formats lists of records, and remembers their texts. Checks of a node are in the lists of all of its
 * services, so lists can have far more than there is. Of long ones only the texts of records are remembered.
 */
export function keptList<Item>(
  format: (item: Item) => string,
  charactersMax = keptCharactersMax,
): (items: readonly Item[] | null) => JsonText | LongText {
  const make = (items: readonly Item[]) => {
    const text = longList(items, format);
    return text instanceof LongText ? text : new JsonText(text);
  };
  const charactersOf = (made: JsonText | LongText) =>
    made instanceof LongText ? Number.POSITIVE_INFINITY : made.text.length;
  const keptOf = kept(make, charactersOf, { together: charactersMax, one: charactersMax });
  return (items) => (items === null ? make([]) : keptOf(items));
}

/** Some four times as much memory, with the bytes and what was indented. */
const keptCharactersMax = 16 * 1024 * 1024;
