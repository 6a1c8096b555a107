// Hex dumps: `0010  4e 6f cd 10 92   |No...|` back to bytes, with every redundancy of the format checked.
//
// A dump is known by its indentation: captured bytes stand at the margin (RPC transcripts: three columns in),
// and what the recorder unpacked from them (a plaintext, a decompressed body) is a dump further right, below
// them. Next: wire.ts and exchanges.ts, which know what stands around the dumps.

import { CaptureError } from './captures.ts';

/** Bytes as captured, with the recorder's reading of them. */
export interface Dump {
  /** The bytes on the wire. */
  readonly bytes: Uint8Array;
  /** How many bytes followed that the capture leaves out; 0 if it is whole. */
  readonly cutBytes: number;
  /** What the recorder unpacked (decrypted, decompressed), outermost first. */
  readonly unpacked: readonly Uint8Array[];
  /** The recorder's decoded view: a reading aid for people, not a format. */
  readonly decoded: string;
}

/**
 * Reads a dump and its decoded view from lines that hold nothing else.
 * `sizeBytes` is the size the capture states, if it states one; only then may the dump be cut.
 */
export function parseDump(lines: readonly string[], indent: number, sizeBytes?: number): Dump {
  const rows = takeRows(lines, 0, indent);
  const bytes = joinRows(rows);
  const isCut = cutPattern.test(lines[rows.length] ?? '');
  const cutBytes = sizeBytes === undefined ? 0 : sizeBytes - bytes.length;
  if (isCut ? cutBytes <= 0 : cutBytes !== 0) {
    throw new CaptureError(`a dump of ${bytes.length} bytes does not fit the stated size ${sizeBytes}`);
  }
  const view = lines.slice(rows.length + (isCut ? 1 : 0)).filter((line) => line !== '--- decoded');
  return { bytes, cutBytes, unpacked: unpackedIn(view), decoded: view.join('\n').trimEnd() };
}

interface Row {
  readonly offset: number;
  readonly bytes: readonly number[];
}

/** The consecutive dump rows from `start` on that stand exactly at this indentation. */
function takeRows(lines: readonly string[], start: number, indent: number): Row[] {
  const rows: Row[] = [];
  for (const line of lines.slice(start)) {
    const [, margin, offset, hex, text] = rowPattern.exec(line) ?? [];
    if (margin?.length !== indent || offset === undefined || hex === undefined) break;
    const bytes = hex.split(' ').map((pair) => Number.parseInt(pair, 16));
    if (text?.length !== bytes.length) throw new CaptureError(`hex and text differ in length: ${line}`);
    rows.push({ offset: Number.parseInt(offset, 16), bytes });
  }
  return rows;
}

function joinRows(rows: readonly Row[]): Uint8Array {
  const bytes: number[] = [];
  for (const row of rows) {
    if (row.offset !== bytes.length) throw new CaptureError(`a dump jumps to offset ${row.offset}`);
    bytes.push(...row.bytes);
  }
  return Uint8Array.from(bytes);
}

function unpackedIn(view: readonly string[]): Uint8Array[] {
  const unpacked: Uint8Array[] = [];
  for (let at = 0; at < view.length; ) {
    const indent = rowPattern.exec(view[at] ?? '')?.[1]?.length;
    const rows = indent === undefined ? [] : takeRows(view, at, indent);
    if (rows.length > 0) unpacked.push(joinRows(rows));
    at += Math.max(1, rows.length);
  }
  return unpacked;
}

const rowPattern = /^( *)([0-9a-f]{4,}) {2}((?:[0-9a-f]{2} )*[0-9a-f]{2}) +\|(.*)\|$/;
const cutPattern = /^ *… /;
