// A program made of commands: `serf members -format=json`.
// Rules as measured on the original (main.go and hashicorp/cli 1.1.7), oddities included: `-v` or `--version`
// anywhere asks for the version, `-h` anywhere before `--` asks for help, and help that was asked for goes to
// stderr. Commands are loaded when they are chosen, so that listing members does not load an agent.

import type { Command, CommandIo } from './command.ts';

/** A command in the list of a program. */
export interface CommandEntry {
  /** One line for the list of commands. */
  readonly synopsis: string;
  /** Brings the command; called at most once for each run. */
  load(): Promise<Command>;
}

/** A program and its commands by name; one named `version` answers `-v`. */
export interface Program {
  readonly name: string;
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** Runs the command that the words behind the program's name ask for; the result is the exit code. */
export async function runProgram(program: Program, argv: readonly string[], io: CommandIo): Promise<number> {
  const asksVersion = argv.some((word) => word === '-v' || word === '--version');
  const line = readCommandLine(asksVersion ? ['version', ...argv] : argv);
  const entry = Object.hasOwn(program.commands, line.name) ? program.commands[line.name] : undefined;
  if (entry === undefined) {
    io.stderr.write(`${formatProgramHelp(program)}\n`);
    return line.asksHelp && line.name === '' ? 0 : noSuchCommandExit;
  }
  const command = await entry.load();
  if (line.asksHelp) {
    io.stderr.write(`${command.help}\n`);
    return 0;
  }
  if (line.hasFlagsBeforeName) {
    io.stderr.write(`${flagsBeforeNameText}\n\n${command.help}\n`);
    return 1;
  }
  return command.run(line.args, io);
}

/** The list of commands, each with its synopsis, with a line end at the end. */
export function formatProgramHelp({ name, commands }: Program): string {
  const names = Object.keys(commands).sort();
  const width = Math.max(...names.map((command) => command.length));
  const rows = names.map((command) => `    ${command.padEnd(width)}    ${commands[command]?.synopsis}\n`);
  const usage = `Usage: ${name} [--version] [--help] <command> [<args>]`;
  return `${usage}\n\nAvailable commands are:\n${rows.join('')}`;
}

interface CommandLine {
  /** The first word that is no flag; empty if there is none. */
  readonly name: string;
  readonly args: readonly string[];
  readonly asksHelp: boolean;
  readonly hasFlagsBeforeName: boolean;
}

function readCommandLine(argv: readonly string[]): CommandLine {
  const terminator = argv.indexOf('--');
  const words = terminator < 0 ? argv : argv.slice(0, terminator);
  const at = words.findIndex((word) => word !== '' && !word.startsWith('-'));
  const before = at < 0 ? words : words.slice(0, at);
  return {
    name: words[at] ?? '',
    args: at < 0 ? [] : argv.slice(at + 1),
    asksHelp: words.some((word) => helpWords.has(word)),
    hasFlagsBeforeName: before.some((word) => word !== '' && !ignoredWords.has(word)),
  };
}

const noSuchCommandExit = 127;
const helpWords = new Set(['-h', '-help', '--help']);
/** Before the command's name these are understood, though `-version` then does nothing. */
const ignoredWords = new Set([...helpWords, '-version']);
const flagsBeforeNameText = [
  'Invalid flags before the subcommand. If these flags are for',
  'the subcommand, please put them after the subcommand.',
].join('\n');
