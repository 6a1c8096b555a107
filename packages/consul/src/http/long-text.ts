// Texts that take too long for one turn of the event loop: lists of thousands, or of large values. They are
// worked out a piece at a time while they are sent. Records never change, so a list of them is one state,
// whatever is written meanwhile. Next: send-answer.ts.

import { JsonIndenter } from '@reeve/cli';
import { receivedBytes } from '../rpc/methods/index.ts';

/** A text in JSON that is worked out piece by piece, anew for everybody who is sent it. */
export class LongText {
  /** What it holds until it has been sent. */
  readonly heldBytes: number;
  readonly #texts: () => Iterable<string>;

  constructor(texts: () => Iterable<string>, heldBytes: number) {
    this.#texts = texts;
    this.heldBytes = heldBytes;
  }

  /** The pieces; each is worked out when it is asked for. */
  *pieces(): Generator<Uint8Array> {
    for (const text of this.#texts()) yield Buffer.from(text);
  }

  /** For people: over many lines, each with its end. */
  get indented(): LongText {
    return new LongText(() => indented(this.#texts()), this.heldBytes);
  }
}

/** What a list stands between. */
export interface Around {
  readonly open: string;
  readonly close: string;
}

/** A list of records, which may be long; between brackets, if nothing else is said. */
export function longList<Item>(
  items: readonly Item[] | null,
  format: (item: Item) => string,
  around: Around = { open: '[', close: ']' },
): string | LongText {
  const list = { items: items ?? [], format, around };
  const first = pieceFrom(list, 0);
  if (first.end === list.items.length) return first.text;
  const heldBytes = receivedBytes(list.items) ?? list.items.length * referenceBytes;
  return new LongText(() => piecesOf(list, first), heldBytes + pieceCharacters);
}

interface List<Item> {
  readonly items: readonly Item[];
  readonly format: (item: Item) => string;
  readonly around: Around;
}

/** Some of a list, up to before the item at `end`. */
interface Piece {
  readonly text: string;
  readonly end: number;
}

function* piecesOf<Item>(list: List<Item>, first: Piece): Generator<string> {
  yield first.text;
  for (let { end } = first; end < list.items.length; ) {
    const piece = pieceFrom(list, end);
    end = piece.end;
    yield piece.text;
  }
}

function pieceFrom<Item>({ items, format, around }: List<Item>, from: number): Piece {
  let text = from === 0 ? around.open : '';
  let end = from;
  for (; end < items.length && text.length < pieceCharacters; end++) {
    const item = format(items[end] as Item);
    text += end === 0 ? item : `,${item}`;
  }
  return { text: end === items.length ? text + around.close : text, end };
}

function* indented(texts: Iterable<string>): Generator<string> {
  const indenter = new JsonIndenter('    ');
  for (const text of texts) yield indenter.next(text);
  yield '\n';
}

/** Some milliseconds of work. */
const pieceCharacters = 262_144;
/** Of a record that is in our state anyway. */
const referenceBytes = 8;
