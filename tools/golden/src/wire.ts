// Gossip captures: datagrams and streams, each announced by a note such as
// `# UDP datagram 127.0.7.1:7946 -> 127.0.7.2:7946, 66 bytes — memberlist ping`.
//
// One file holds one kind of message; a push/pull holds both directions of its connection.
// Next: exchanges.ts, for the captures that pair a request with its answers.

import { CaptureError, captureLines } from './captures.ts';
import { type Dump, parseDump } from './hex-dump.ts';

/** One datagram, or all that one side of a connection sent. */
export interface WireBlock extends Dump {
  /** The note above it, without `# `. */
  readonly label: string;
}

/** A capture from `wire/`. */
export interface WireCapture {
  /** The command that was running, and what else the first line says. */
  readonly command: string;
  /** Every captured datagram or direction, in the order of the file. */
  readonly blocks: readonly [WireBlock, ...WireBlock[]];
  /** The bytes of the first block: the whole story for a capture of one datagram. */
  readonly bytes: Uint8Array;
}

/** Reads `wire/NAME.txt`; throws a CaptureError for a file that is not a packet capture. */
export function readWire(name: string): WireCapture {
  const [command = '', ...lines] = captureLines(`wire/${name}`);
  const sections = splitAt(lines, (line) => line.startsWith('# '));
  const blocks = sections.filter(([label = '']) => sizePattern.test(label)).map(parseBlock);
  const [first, ...rest] = blocks;
  if (first === undefined) throw new CaptureError(`wire/${name} announces no bytes`);
  return { command: command.replace(/^\$ /, ''), blocks: [first, ...rest], bytes: first.bytes };
}

/** Cuts lines into sections that each begin with a header; what stands before the first header is dropped. */
export function splitAt(lines: readonly string[], isHeader: (line: string) => boolean): string[][] {
  const sections: string[][] = [];
  for (const line of lines) {
    if (isHeader(line)) sections.push([line]);
    else sections.at(-1)?.push(line);
  }
  return sections;
}

function parseBlock([header = '', ...lines]: readonly string[]): WireBlock {
  const label = header.slice('# '.length);
  const dump = lines.filter((line) => line !== '--- bytes');
  return { label, ...parseDump(dump, 0, Number(sizePattern.exec(header)?.[1])) };
}

const sizePattern = /[, ](\d+) bytes\b/;
