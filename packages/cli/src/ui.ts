// What a command says to its user, as mitchellh/cli does it: whole messages, each with a prefix on
// its first line only. Errors go to stdout like everything else: scripts read them there. Only flag errors
// and help that was asked for go to stderr, and those do not pass through here (command.ts, program.ts).

/** Where text goes: a process's stdout, or a test's memory. */
export interface Writer {
  write(text: string): unknown;
}

/** The words before messages; a missing one is empty. */
export interface UiPrefixes {
  readonly output?: string;
  readonly info?: string;
  readonly error?: string;
}

/** The three tones of a command. Every message gets a line end. */
export interface Ui {
  /** The result. */
  output(message: string): void;
  /** What is going on. */
  info(message: string): void;
  /** What went wrong. */
  error(message: string): void;
}

/** A Ui that writes to one place. An empty message stays an empty line, without prefix. */
export function createUi(writer: Writer, prefixes: UiPrefixes = {}): Ui {
  const say = (prefix: string | undefined) => (message: string) => {
    writer.write(message === '' ? '\n' : `${prefix ?? ''}${message}\n`);
  };
  return { output: say(prefixes.output), info: say(prefixes.info), error: say(prefixes.error) };
}
