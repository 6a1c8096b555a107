// sizes.ts – how much a reader must hold in mind at once: lines of a function, lines of a file, columns of a
// line. Functions are measured in sources only; a test may read like a story. Nothing is exempt, not even a
// URL.

import type { Problem } from '../problem.ts';
import type { SourceFile, SourceTree } from '../source-tree.ts';

/** Finds what is too long. */
export function checkSizes(tree: SourceTree): Problem[] {
  return tree.files.flatMap((file) => [...checkFile(file), ...checkLines(file), ...checkFunctions(file)]);
}

function checkFile({ path, lines }: SourceFile): Problem[] {
  if (lines.length <= FILE_LINES_MAX) return [];
  const sentence = `${lines.length} lines; a file has at most ${FILE_LINES_MAX}. Split where a name appears.`;
  return [{ path, line: 1, rule: 'file-length', sentence }];
}

function checkLines({ path, lines }: SourceFile): Problem[] {
  return lines.flatMap((text, index) => {
    const columns = [...text].length;
    if (columns <= LINE_COLUMNS_MAX) return [];
    const sentence = `${columns} columns; a line has at most ${LINE_COLUMNS_MAX}.`;
    return [{ path, line: index + 1, rule: 'line-length', sentence }];
  });
}

function checkFunctions({ path, facts, isSource }: SourceFile): Problem[] {
  const long = facts.functions.filter(({ lines }) => isSource && lines > FUNCTION_LINES_MAX);
  return long.map(({ line, lines }) => {
    const sentence = `${lines} lines; a function has at most ${FUNCTION_LINES_MAX}. Name its parts.`;
    return { path, line, rule: 'function-length', sentence };
  });
}

const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 500;
const LINE_COLUMNS_MAX = 110;
