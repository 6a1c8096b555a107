// A file begins by saying what it is about, in lines of `//`: a block with two stars is for the declaration
// below it. Its name stands above it in every editor and is not repeated.

import type { Problem } from '../problem.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

/** Finds files without a header, or with one of another form. */
export function checkHeaders(tree: SourceTree): Problem[] {
  return tree.files.flatMap((file) => {
    const sentence = flawOf(file);
    return sentence === undefined ? [] : [{ path: file.path, line: 1, rule: 'header', sentence }];
  });
}

function flawOf({ lines }: SourceFile): string | undefined {
  const [first = '', second = ''] = lines;
  const header = first.startsWith('#!') ? second : first;
  if (!header.startsWith('// ')) return 'a file begins with a header of // lines that says what it is about.';
  if (fileName.test(header)) return 'a header does not begin with the name of its file.';
  return undefined;
}

const fileName = /^\/\/ [\w.-]+\.(ts|mjs)\b/;
