// No file imports itself in a circle, not even for a type: data flows one way, and a reader who
// starts at the bottom never has to jump up. A type that two files need lives in a third, below both.

import { posix } from 'node:path';
import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds circles of relative imports: a shortest one for each file that is not in a circle found before. */
export function checkCycles(tree: SourceTree): Problem[] {
  const graph = new Map(tree.files.map((file) => [file.path, targetsOf(file.path, file.facts.imports)]));
  const told = new Set<string>();
  const problems: Problem[] = [];
  for (const path of [...graph.keys()].sort()) {
    const circle = told.has(path) ? undefined : shortestCircle(path, graph);
    if (circle === undefined) continue;
    for (const member of circle) told.add(member);
    const names = circle.map((member) => posix.basename(member));
    problems.push({
      path,
      line: 1,
      rule: 'cycles',
      sentence: `imports go in a circle: ${names.join(' → ')}.`,
    });
  }
  return problems;
}

type Graph = ReadonlyMap<string, readonly string[]>;

function targetsOf(path: string, imports: readonly { specifier: string }[]): string[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}

/** A shortest way from a file back to itself, by breadth first search. */
function shortestCircle(start: string, graph: Graph): string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1) ?? '') ?? []) {
      if (target === start) return [...way, start];
      if (seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return undefined;
}
