// How much a reader must hold in mind at once: lines of a function, lines of a file, columns of a
// line. Functions are measured in sources only; a test may read like a story. Nothing is exempt, not even a
// URL.

import type { Problem } from '../problem.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

/** Finds what is too long. */
export function checkSizes(tree: SourceTree): Problem[] {
  return tree.files.flatMap((file) => [...checkFile(file), ...checkLines(file), ...checkFunctions(file)]);
}

function checkFile({ path, lines }: SourceFile): Problem[] {
  if (lines.length <= fileLinesMax) return [];
  const sentence = `${lines.length} lines; a file has at most ${fileLinesMax}. Split where a name appears.`;
  return [{ path, line: 1, rule: 'file-length', sentence }];
}

function checkLines({ path, lines }: SourceFile): Problem[] {
  return lines.flatMap((text, index) => {
    const columns = [...text].length;
    if (columns <= lineColumnsMax) return [];
    const sentence = `${columns} columns; a line has at most ${lineColumnsMax}.`;
    return [{ path, line: index + 1, rule: 'line-length', sentence }];
  });
}

function checkFunctions({ path, facts, isSource }: SourceFile): Problem[] {
  const long = facts.functions.filter(({ lines }) => isSource && lines > functionLinesMax);
  return long.map(({ line, lines }) => {
    const sentence = `${lines} lines; a function has at most ${functionLinesMax}. Name its parts.`;
    return { path, line, rule: 'function-length', sentence };
  });
}

const functionLinesMax = 70;
const fileLinesMax = 500;
const lineColumnsMax = 110;
