// One command of a program: its flags, its help, and what happens with the words behind its
// name. Serf's commands say a flag error on stderr, followed by the help on stdout, and everything else on
// stdout; Consul's say on stderr whatever went wrong.
// Next: program.ts, which finds the command.

import { type Env, FlagError, type FlagTable, type ParsedFlags, parseFlags } from './flags.ts';
import { formatFlags, formatHelp, type HelpContent } from './help.ts';
import type { SignalSource } from './signals.ts';
import { createUi, type Ui, type UiPrefixes, type Writer } from './ui.ts';

/** All that a command may touch of the process it runs in. */
export interface CommandIo {
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly env: Env;
  readonly signals: SignalSource;
}

/** A command as a program sees it: flags are its own business. */
export interface Command {
  /** The help text, without a line end at the end. */
  readonly help: string;
  /** Runs with the words behind the command's name; the result is the exit code. */
  run(argv: readonly string[], io: CommandIo): Promise<number>;
}

/** A command as its author writes it down. */
export interface CommandDefinition<T extends FlagTable> extends HelpContent {
  readonly flags: T;
  /** Whether flags are not looked at and every word is an argument, as `version` and `keygen` do. */
  readonly ignoresFlags?: boolean;
  /** Whether what went wrong is said on stderr, and after a flag error what flags there are. */
  readonly hasErrorsOnStderr?: boolean;
  /** Words before what the command says. */
  readonly prefixes?: UiPrefixes;
  /** What the command does, once its flags are understood; the result is the exit code. */
  run(call: CommandCall<T>): Promise<number>;
}

/** What a running command works with: its flags and arguments, and its means to speak. */
export interface CommandCall<T extends FlagTable> extends ParsedFlags<T> {
  readonly ui: Ui;
  readonly io: CommandIo;
  readonly help: string;
  /** Says what was wrong with the call, then the help; the result is the exit code, 1. */
  usageError(message: string): number;
}

/** Makes a command out of its definition. */
export function defineCommand<const T extends FlagTable>(definition: CommandDefinition<T>): Command {
  const help = (): string => formatHelp(definition); // made when it is asked for: most calls do not
  return {
    get help() {
      return help();
    },
    async run(argv, io) {
      const isOnStderr = definition.hasErrorsOnStderr === true;
      const ui = createUi(io.stdout, definition.prefixes, isOnStderr ? io.stderr : io.stdout);
      const words = definition.ignoresFlags === true ? ['--', ...argv] : argv;
      const parsed = tryParse(definition.flags, words, io.env);
      if (parsed instanceof FlagError) {
        if (parsed.message !== '') io.stderr.write(`${parsed.message}\n`);
        if (isOnStderr) ui.error(`Usage:\n${formatFlags(definition.flags)}`);
        else ui.output(help());
        return 1;
      }
      const usageError = (message: string): number => {
        for (const text of [message, '', help()]) ui.error(text);
        return 1;
      };
      const call: CommandCall<T> = {
        ...parsed,
        ui,
        io,
        get help() {
          return help();
        },
        usageError,
      };
      return definition.run(call);
    },
  };
}

function tryParse<const T extends FlagTable>(
  flags: T,
  argv: readonly string[],
  env: Env,
): ParsedFlags<T> | FlagError {
  try {
    return parseFlags(flags, argv, env);
  } catch (error) {
    if (error instanceof FlagError) return error;
    throw error;
  }
}
