// What a command says to its user, as mitchellh/cli does it: whole messages, each with a prefix on
// its first line only. Serf's errors go to stdout like everything else, Consul's to stderr: scripts read them
// there. Flag errors and help that was asked for do not pass through here (command.ts, program.ts).

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

/**
 * A Ui that writes to one place, or errors to another one. An empty message stays an empty line, without
 * prefix.
 */
export function createUi(writer: Writer, prefixes: UiPrefixes = {}, errors = writer): Ui {
  const sayTo = (to: Writer, prefix: string | undefined) => (message: string) => {
    to.write(message === '' ? '\n' : `${prefix ?? ''}${message}\n`);
  };
  return {
    output: sayTo(writer, prefixes.output),
    info: sayTo(writer, prefixes.info),
    error: sayTo(errors, prefixes.error),
  };
}
