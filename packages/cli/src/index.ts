// @reeve/cli – what Go-style command-line programs are made of: flags, help, output, log lines, exit codes.
// Everything is handed in (words, environment, streams, signals); nothing here ends the process or keeps
// state. Start reading at program.ts.

export { formatColumns, formatTable } from './columns.ts';
export {
  type Command,
  type CommandCall,
  type CommandDefinition,
  type CommandIo,
  defineCommand,
} from './command.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { CommandFailure, orFail, reportFailure } from './failure.ts';
export {
  type BoolFlag,
  type DurationFlag,
  type Env,
  type Flag,
  FlagError,
  type FlagHelp,
  type FlagTable,
  type FlagValue,
  type FlagValues,
  type IntFlag,
  type PairsFlag,
  type ParsedFlags,
  parseFlags,
  type RepeatableFlag,
  type StringFlag,
  type UintFlag,
} from './flags.ts';
export { compareText, goEscapes, listProblems, quote, trimSpace } from './go-text.ts';
export { formatHelp, type HelpContent } from './help.ts';
export {
  JsonError,
  type JsonNumbers,
  type JsonObject,
  type JsonValue,
  parseFirstJson,
  parseWholeJson,
} from './json-input.ts';
export { compactJson, formatJson, indentJson, JsonIndenter, type JsonOutput } from './json-output.ts';
export { findKey, goKind, goText, goType, goWord, isList, isObject } from './json-values.ts';
export { formatLogLine } from './log-format.ts';
export { type CommandEntry, type Habits, type Program, runProgram } from './program.ts';
export { runProcess } from './run-process.ts';
export { SignalQueue } from './signal-queue.ts';
export { onSignals, type SignalName, type SignalSource, signalText } from './signals.ts';
export { createWriter, readCommandLine } from './standard-streams.ts';
export { alignTabs } from './tab-columns.ts';
export { createUi, type Ui, type UiPrefixes, type Writer } from './ui.ts';
