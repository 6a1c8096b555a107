// What the program has from its process: the words it was called with, and where it prints.
// Both are bytes. Texts hold those that are no UTF-8 as encodeText and decodeText have it, so that names,
// tags and payloads come in and leave as they are.

import { Buffer } from 'node:buffer';
import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { decodeText, encodeText } from '@reeve/bytes';
import type { Writer } from './ui.ts';

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

/**
 * Prints to a standard stream. When nobody reads any more, as in `serf monitor | head`, the program ends like
 * one that a broken pipe has ended. What a full disk does not take is lost: an agent runs on without its log,
 * as the original does, and the next line may fit again.
 *
 * `open` is for Node's own stream, which keeps what a pipe has no room for, so that an agent whose log nobody
 * reads does not wait. It takes 3 ms to open, and most commands print so little that it is never needed.
 */
export function createWriter(fd: number, open: () => NodeJS.WriteStream): Writer {
  let printedBytes = 0;
  let stream: NodeJS.WriteStream | undefined;
  return {
    write(text) {
      let bytes = encodeText(text);
      printedBytes += bytes.length;
      const isNow = stream === undefined && (printedBytes <= pipeBytesMin || !isPipe(fd));
      if (isNow) bytes = writeNow(fd, bytes);
      if (bytes.length === 0) return;
      stream ??= withBrokenPipe(open());
      stream.write(bytes);
    },
  };
}

/** Writes all that there is room for, and returns the rest. */
function writeNow(fd: number, bytes: Uint8Array): Uint8Array {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    endIfPipeBroke(failure);
    if (failure.code === 'EAGAIN') return bytes.subarray(written);
    // Nothing that could be said about it would be printed.
  }
  return noBytes;
}

function withBrokenPipe(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return stream.on('error', endIfPipeBroke);
}

function endIfPipeBroke({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(brokenPipeExit);
}

/**
 * Whether it may have no room until somebody reads. Files and terminals take everything at once; Node's
 * stream for a file would never write again after it has failed once.
 */
function isPipe(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}

function givenWords(): readonly string[] {
  try {
    const words = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return words.map((word) => decodeText(Buffer.from(word, 'latin1')));
  } catch {
    return []; // not Linux
  }
}

/** What a shell reports of a program that a broken pipe has ended. */
const brokenPipeExit = 141;
/** A pipe that is read has room for so much (PIPE_BUF of Linux), and takes it as a whole or not at all. */
const pipeBytesMin = 4096;
const noBytes = new Uint8Array(0);
