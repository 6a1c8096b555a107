// All rules over one tree, less what the exemption list allows. The list may only shrink: an
// exemption that no longer exempts anything is a problem itself.

import { compareProblems, type Problem } from './problem.ts';
import { checkCycles } from './rules/cycles.ts';
import { checkExports } from './rules/exports.ts';
import { checkHeaders } from './rules/headers.ts';
import { checkLayers } from './rules/layers.ts';
import { checkNames } from './rules/names.ts';
import { checkPurity } from './rules/purity.ts';
import { checkSizes } from './rules/sizes.ts';
import type { SourceTree } from './source-tree.ts';

/** A rule that a file may break, and why. */
export interface Exemption {
  readonly path: string;
  readonly rule: string;
  readonly why: string;
}

/** Runs every rule; the result is in the order of the files. */
export function checkTree(tree: SourceTree, exemptions: readonly Exemption[] = []): Problem[] {
  const found = [...tree.problems, ...allRules.flatMap((rule) => rule(tree))];
  const isExempt = (problem: Problem): boolean => exemptions.some((exemption) => covers(exemption, problem));
  const idle = exemptions.filter((exemption) => !found.some((problem) => covers(exemption, problem)));
  const kept = found.filter((problem) => !isExempt(problem));
  return [...kept, ...idle.map(describeIdle)].sort(compareProblems);
}

function covers({ path, rule }: Exemption, problem: Problem): boolean {
  return path === problem.path && rule === problem.rule;
}

function describeIdle({ path, rule }: Exemption): Problem {
  const sentence = `the exemption from ${rule} is not needed; take it out of tools/tidy/exemptions.json.`;
  return { path, line: 1, rule: 'exemptions', sentence };
}

const allRules = [checkSizes, checkLayers, checkCycles, checkPurity, checkExports, checkNames, checkHeaders];
