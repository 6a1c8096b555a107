// Regular expressions as a core can have them: handed in. By re2.ts, or by the user of the library.

/** A compiled expression. */
export interface RegexpMatcher {
  /** Whether it matches anywhere in the text. */
  matches(text: string): boolean;
}

/** Compiles a regular expression; throws an Error that says why it cannot. */
export type RegexpCompiler = (expression: string) => RegexpMatcher;
