// What a rule finds, and how it is printed.

/** A place where the house rules are broken. */
export interface Problem {
  /** The file, from the root of the repository. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** The name of the rule, for exemptions. */
  readonly rule: string;
  /** What is wrong and what to do about it. */
  readonly sentence: string;
}

/** One line that editors and terminals turn into a link. */
export function formatProblem({ path, line, rule, sentence }: Problem): string {
  return `${path}:${line} ${rule}: ${sentence}`;
}

/** Orders problems by place. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line;
}
