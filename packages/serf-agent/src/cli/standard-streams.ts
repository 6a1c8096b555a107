// What the program has from its process: the words it was called with, and where it prints.
// Both are bytes. Texts hold those that are no UTF-8 as encodeText and decodeText have it, so that names,
// tags and payloads come in and leave as they are.

import { Buffer } from 'node:buffer';
import { readFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { decodeText, encodeText } from '@reeve/bytes';
import type { Writer } from '@reeve/cli';

/**
 * The words behind the program's name. Node replaces what is no UTF-8 by U+FFFD; Linux still knows what was
 * there.
 */
export function readCommandLine(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  const given = givenWords();
  return given.length < words.length ? words : given.slice(-words.length);
}

/** Node opens it when it is first asked for, which takes time. */
type StandardStream = NodeJS.WriteStream & { readonly fd: number };

/**
 * Prints to a standard stream, opened with the first word. When nobody reads any more, as in `serf monitor |
 * head`, the program ends like one that a broken pipe has ended. What a full disk does not take is lost: an
 * agent runs on without its log, as the original does, and the next line may fit again.
 */
export function createWriter(open: () => StandardStream): Writer {
  let writer: Writer | undefined;
  return {
    write(text) {
      writer ??= writerTo(open());
      writer.write(text);
    },
  };
}

function writerTo(stream: StandardStream): Writer {
  const { fd } = stream;
  // Node's stream for a file never writes again after it has failed once.
  if (!(stream instanceof Socket)) return { write: (text) => writeToFile(fd, encodeText(text)) };
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(brokenPipeExit);
  });
  return { write: (text) => stream.write(encodeText(text)) };
}

function givenWords(): readonly string[] {
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return words.map((word) => decodeText(Buffer.from(word, 'latin1')));
  } catch {
    return []; // not Linux
  }
}

function writeToFile(fd: number, bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
  } catch {
    // Nothing that could be said about it would be printed.
  }
}

/** What a shell reports of a program that a broken pipe has ended. */
const brokenPipeExit = 141;
