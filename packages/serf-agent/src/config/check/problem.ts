// What is wrong with a configuration, told to whoever wrote it: where, what, and what to do about it.

/** Where something was written. */
export interface Place {
  /** A file, `command line`, or `default`. */
  readonly source: string;
  /** The key in the file, or the flag with its dash; empty for the source as a whole. */
  readonly key: string;
}

/** One thing that is wrong. */
export interface ConfigProblem extends Place {
  /** An agent does not start with an error; with a warning it starts, but may not do what was meant. */
  readonly severity: 'error' | 'warning';
  /** A clause, without a full stop. */
  readonly problem: string;
  /** A sentence. */
  readonly fix: string;
}

/** Problems as they are found. */
export class Findings {
  // Bounded by the sizes of the files that are read.
  readonly problems: ConfigProblem[] = [];

  /** The agent will not start. */
  error(at: Place, problem: string, fix: string): void {
    this.problems.push({ severity: 'error', source: at.source, key: at.key, problem, fix });
  }

  /** The agent will start, but. */
  warning(at: Place, problem: string, fix: string): void {
    this.problems.push({ severity: 'warning', source: at.source, key: at.key, problem, fix });
  }
}

/** `agent.json: log_level`, for a sentence about another place. */
export function placeText({ source, key }: Place): string {
  return key === '' ? source : `${source}: ${key}`;
}
