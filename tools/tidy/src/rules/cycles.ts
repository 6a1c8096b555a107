// Nothing imports itself in a circle, not even for a type: data flows one way, and a reader who starts at the
// bottom never has to jump up. A type that two files need lives in a third, below both. That holds for files,
// and for folders that lie side by side; a folder and the files beside it may know each other.

import { posix } from 'node:path';
import type { Problem } from '../problem.ts';
import type { SourceTree } from '../source-tree.ts';

/** Finds circles of relative imports: a shortest one for each file or folder that is in none found before. */
export function checkCycles(tree: SourceTree): Problem[] {
  const files: Graph = new Map();
  const folders: Graph = new Map();
  for (const file of tree.files) {
    for (const { specifier, line } of file.facts.imports) {
      if (!specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file.path), specifier);
      addArrow(files, [file.path, target], { path: file.path, line: 1 });
      const pair = foldersBetween(file.path, target);
      if (pair !== undefined) addArrow(folders, pair, { path: file.path, line });
    }
  }
  return [
    ...problemsOf(files, 'imports go in a circle'),
    ...problemsOf(folders, 'folders import each other'),
  ];
}

/** Where one leads to, and the place that says so. */
type Graph = Map<string, Map<string, Pick<Problem, 'path' | 'line'>>>;

function addArrow(
  graph: Graph,
  [from, to]: readonly [string, string],
  place: { path: string; line: number },
) {
  const targets = graph.get(from) ?? new Map();
  graph.set(from, targets);
  if (!targets.has(to)) targets.set(to, place);
}

/** The two folders that an import leads out of and into, where they lie in the same one. */
function foldersBetween(from: string, to: string): [string, string] | undefined {
  const [start, end] = [from.split('/'), to.split('/')];
  const depth = start.findIndex((name, at) => name !== end[at]) + 1;
  if (depth === 0 || depth >= start.length || depth >= end.length) return undefined;
  return [start.slice(0, depth).join('/'), end.slice(0, depth).join('/')];
}

function problemsOf(graph: Graph, what: string): Problem[] {
  const told = new Set<string>();
  const problems: Problem[] = [];
  for (const start of [...graph.keys()].sort()) {
    const circle = told.has(start) ? undefined : shortestCircle(start, graph);
    const place = graph.get(start)?.get(circle?.[1] ?? '');
    if (circle === undefined || place === undefined) continue;
    for (const member of circle) told.add(member);
    const names = circle.map((member) => posix.basename(member));
    problems.push({ ...place, rule: 'cycles', sentence: `${what}: ${names.join(' → ')}.` });
  }
  return problems;
}

/** A shortest way from a file or folder back to itself, by breadth first search. */
function shortestCircle(start: string, graph: Graph): string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const target of graph.get(way.at(-1) ?? '')?.keys() ?? []) {
      if (target === start) return [...way, start];
      if (seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return undefined;
}
