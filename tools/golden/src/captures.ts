// Where the captures lie. Every reader of this package gets its text here.
//
// The path is found from this file, so it holds from `src` and from `dist` alike, whatever the working
// directory. Next: hex-dump.ts (bytes), transcript.ts (commands).

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A capture that is named wrongly or does not have the form that testdata/README.md describes. */
export class CaptureError extends Error {
  override name = 'CaptureError';
}

/** Whose behaviour was captured: the folder below `testdata/golden`. */
export type CapturedProgram = 'serf' | 'consul';

/** The absolute path of a file among a program's captures, extension included: `handler/slow.sh`. */
export function capturePath(file: string, program: CapturedProgram = 'serf'): string {
  return fileURLToPath(new URL(`${program}/${file}`, allCaptures));
}

/**
 * The names of all captures in a folder, as the readers take them: `captureNames('cli')` has `cli/info-text`.
 */
export function captureNames(folder: string, program: CapturedProgram = 'serf'): string[] {
  return readdirSync(capturePath(folder, program))
    .filter((file) => file.endsWith('.txt'))
    .map((file) => `${folder}/${file.slice(0, -'.txt'.length)}`)
    .sort();
}

/** The text of a capture, split into lines; the line end of the last line makes no empty line. */
export function captureLines(name: string, program: CapturedProgram = 'serf'): string[] {
  const text = readFileSync(capturePath(`${name}.txt`, program), 'utf8');
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

const allCaptures = new URL('../../../testdata/golden/', import.meta.url);
