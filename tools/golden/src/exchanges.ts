// Captures of question and answer: RPC conversations (`>>` asks, `<<` answers, the connection stays) and
// probes (`==` is sent, `->` is what came back, every probe on a socket of its own).
//
// Next: hex-dump.ts, for the bytes in between.

import { CaptureError, captureLines } from './captures.ts';
import { type Dump, parseDump } from './hex-dump.ts';
import { splitAt } from './wire.ts';

/** One question and everything that came back. */
export interface Exchange {
  /** What is asked, in the recorder's words: `handshake`, `UDP ping with Node = nil`. */
  readonly label: string;
  /**
   * Counts connections from 0; exchanges with the same number happened one after the other on one connection.
   */
  readonly connection: number;
  /** What the client sent. */
  readonly request: Dump;
  /**
   * What came back: one dump a datagram, or one for all that was read from the stream. Empty if nothing came.
   */
  readonly responses: readonly Dump[];
  /** Whether the other side then closed the connection. Always false over UDP. */
  readonly closed: boolean;
}

/** Reads `rpc/NAME.txt`, a conversation with an agent's RPC port. */
export function readRpc(name: string): Exchange[] {
  let connection = 0;
  const exchanges: Exchange[] = [];
  for (const section of splitAt(captureLines(`rpc/${name}`), (line) => /^(>>|#) /.test(line))) {
    if (section[0] === '# new connection') connection += 1;
    if (section[0]?.startsWith('>> ')) exchanges.push(parseRpc(section, connection));
  }
  return nonEmpty(exchanges, `rpc/${name}`);
}

/** Reads the captures whose names begin with `probe-responses`: hand-made packets and their replies. */
export function readProbes(name: string, folder = 'wire'): Exchange[] {
  const sections = splitAt(captureLines(`${folder}/${name}`), (line) => line.startsWith('== '));
  return nonEmpty(sections.map(parseProbe), `${folder}/${name}`);
}

function parseRpc(section: readonly string[], connection: number): Exchange {
  const { head, answers } = splitAnswers(section, '<< ');
  const [label = '', ...request] = head;
  return {
    label: label.slice('>> '.length),
    connection,
    request: parseDump(request, rpcIndent),
    responses: answers.flatMap((answer) => parseAnswer(answer, rpcIndent)),
    closed: section.some((line) => line.endsWith('— connection closed by agent')),
  };
}

function parseProbe(section: readonly string[], connection: number): Exchange {
  const { head, answers } = splitAnswers(section, '-> ');
  const [header = '', ...request] = head;
  const [, label = '', size] = /^== (.*?) +\((\d+) bytes\)$/.exec(header) ?? [];
  return {
    label,
    connection,
    request: parseDump(request, 0, Number(size)),
    responses: answers.flatMap((answer) => parseAnswer(answer, 0)),
    closed: section.some((line) => line.endsWith(', remote closed')),
  };
}

function splitAnswers(section: readonly string[], mark: string): { head: string[]; answers: string[][] } {
  const isAnswer = (line: string): boolean => line.startsWith(mark);
  const at = section.findIndex(isAnswer);
  if (at < 0) throw new CaptureError(`nothing stands after: ${section[0]}`);
  return { head: section.slice(0, at), answers: splitAt(section.slice(at), isAnswer) };
}

/** The header of an answer states its size, or says that there is none (`no reply`, `nothing`, `0 bytes`). */
function parseAnswer([header = '', ...lines]: readonly string[], indent: number): Dump[] {
  const sizeBytes = Number(/(\d+) bytes/.exec(header)?.[1] ?? 0);
  return sizeBytes === 0 ? [] : [parseDump(lines, indent, sizeBytes)];
}

function nonEmpty(exchanges: Exchange[], file: string): Exchange[] {
  if (exchanges.length === 0) throw new CaptureError(`${file} holds no exchange`);
  return exchanges;
}

const rpcIndent = 3;
