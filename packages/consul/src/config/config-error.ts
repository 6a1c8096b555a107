// What is wrong with a configuration, in the original's words, for the operator.

import { listProblems } from '@reeve/cli';

/** A configuration that cannot be used. The message is one that operators know from the original. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Collects what is wrong while a configuration is built, so that it is all shown at once. */
export class Problems {
  readonly #found: string[] = [];

  add(problem: string): void {
    this.#found.push(problem);
  }

  /** @throws ConfigError if there were any */
  settle(): void {
    if (this.#found.length > 0) throw new ConfigError(listProblems(this.#found));
  }
}
