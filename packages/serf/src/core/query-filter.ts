/** A compiled expression. */
export interface RegexpMatcher {
  /** Whether it matches anywhere in the text. */
  matches(text: string): boolean;
}

/** Compiles a regular expression; throws an Error that says why it cannot. */
export type RegexpCompiler = (expression: string) => RegexpMatcher;
