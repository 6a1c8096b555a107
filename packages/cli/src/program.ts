// A program made of commands: `serf members -format=json`, `consul kv get web`.
// Rules as measured on the originals (main.go and hashicorp/cli 1.1.7), oddities included: `-h` anywhere
// before `--` asks for help. The two programs differ in where asked-for help goes and in where `-v` asks for
// the version (`Habits`). Commands are loaded when they are chosen, so that listing members does not load an
// agent.

import type { Command, CommandIo } from './command.ts';

/** A command in the list of a program. */
export interface CommandEntry {
  /** One line for the list of commands. */
  readonly synopsis: string;
  /** Brings the command; called at most once for each run. */
  load(): Promise<Command>;
}

/** A program and its commands by name; the one named `version` answers `-v`. */
export interface Program {
  readonly name: string;
  /** A name of several words, `kv get`, is a command of the group `kv`. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
  /** The synopsis of each group. A group called without a command of its own prints its help and fails. */
  readonly groups?: Readonly<Record<string, string>>;
  /** Missing: Serf's. */
  readonly habits?: Habits;
}

/** What programs do differently. */
export interface Habits {
  /** Where help goes that was asked for. */
  readonly helpTo: 'stdout' | 'stderr';
  /** What asks for the version: `-v`. */
  readonly versionWords: readonly string[];
  readonly versionAsked: 'anywhere' | 'before the command';
  /** The words to go on with when the version is asked for. */
  versionCall(argv: readonly string[]): readonly string[];
}

/** Runs the command that the words behind the program's name ask for; the result is the exit code. */
export async function runProgram(program: Program, argv: readonly string[], io: CommandIo): Promise<number> {
  const habits = program.habits ?? serfHabits;
  const line = readCommandLine(program, asksVersion(habits, argv) ? habits.versionCall(argv) : argv);
  const entry = findCommand(program, line.name);
  if (entry === undefined) {
    const isHelp = line.asksHelp && line.name === '';
    io[isHelp ? habits.helpTo : 'stderr'].write(`${formatProgramHelp(program)}\n`);
    return isHelp ? 0 : noSuchCommandExit;
  }
  const command = await entry.load();
  if (line.asksHelp) {
    io[habits.helpTo].write(`${command.help}\n`);
    return 0;
  }
  if (line.hasFlagsBeforeName) {
    io.stderr.write(`${flagsBeforeNameText}\n\n${command.help}\n`);
    return 1;
  }
  return command.run(line.args, io);
}

/** The list of commands, each with its synopsis, with a line end at the end. */
function formatProgramHelp(program: Program): string {
  const usage = `Usage: ${program.name} [--version] [--help] <command> [<args>]`;
  return `${usage}\n\nAvailable commands are:\n${formatList(program, '')}`;
}

/** Those whose names have one word more than the prefix. */
function formatList({ commands, groups = {} }: Program, prefix: string): string {
  const synopses = new Map(Object.entries(groups));
  for (const [name, { synopsis }] of Object.entries(commands)) synopses.set(name, synopsis);
  const names = [...synopses.keys()].filter(
    (name) => name.startsWith(prefix) && !name.slice(prefix.length).includes(' '),
  );
  const width = Math.max(...names.map((name) => name.length));
  const rows = names.sort().map((name) => {
    return `    ${name.padEnd(width).slice(prefix.length)}    ${synopses.get(name)}\n`;
  });
  return rows.join('');
}

function findCommand(program: Program, name: string): CommandEntry | undefined {
  const { commands, groups = {} } = program;
  if (Object.hasOwn(commands, name)) return commands[name];
  const synopsis = Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (synopsis === undefined) return undefined;
  return { synopsis, load: async () => groupCommand(program, name, synopsis) };
}

/** What a group does when none of its commands is named: it says which there are. */
function groupCommand(program: Program, name: string, synopsis: string): Command {
  const usage = `Usage: ${program.name} ${name} <subcommand> [options] [args]`;
  const help = `${usage}\n\n  ${synopsis}.\n\nSubcommands:\n${formatList(program, `${name} `)}`;
  return {
    help,
    async run(_argv, io) {
      io.stderr.write(`${help}\n`);
      return 1;
    },
  };
}

interface CommandLine {
  /** The command or group; the first word that is no flag if there is none of that name; else empty. */
  readonly name: string;
  readonly args: readonly string[];
  readonly asksHelp: boolean;
  readonly hasFlagsBeforeName: boolean;
}

function readCommandLine(program: Program, argv: readonly string[]): CommandLine {
  const terminator = argv.indexOf('--');
  const words = terminator < 0 ? argv : argv.slice(0, terminator);
  const at = words.findIndex(isCommandWord);
  const before = at < 0 ? words : words.slice(0, at);
  const name = at < 0 ? [] : nameAt(program, words.slice(at));
  return {
    name: name.join(' '),
    args: at < 0 ? [] : argv.slice(at + name.length),
    asksHelp: words.some((word) => helpWords.has(word)),
    hasFlagsBeforeName: before.some((word) => word !== '' && !ignoredWords.has(word)),
  };
}

/** The most words that together are a name; one word if none are. */
function nameAt({ commands, groups = {} }: Program, words: readonly string[]): readonly string[] {
  for (let count = Math.min(words.length, nameWordsMax); count > 1; count--) {
    const name = words.slice(0, count);
    const text = name.join(' ');
    const isName = Object.hasOwn(commands, text) || Object.hasOwn(groups, text);
    if (isName && name.every((word) => !word.includes(' '))) return name;
  }
  return words.slice(0, 1);
}

function asksVersion({ versionWords, versionAsked }: Habits, argv: readonly string[]): boolean {
  const end =
    versionAsked === 'anywhere' ? -1 : argv.findIndex((word) => word === '--' || isCommandWord(word));
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => versionWords.includes(word));
}

function isCommandWord(word: string): boolean {
  return word !== '' && !word.startsWith('-');
}

const noSuchCommandExit = 127;
const helpWords = new Set(['-h', '-help', '--help']);
/** Before the command's name these are understood, though `-version` then does nothing. */
const ignoredWords = new Set([...helpWords, '-version']);
/** `operator autopilot get-config`. */
const nameWordsMax = 3;
const serfHabits: Habits = {
  helpTo: 'stderr',
  versionWords: ['-v', '--version'],
  versionAsked: 'anywhere',
  versionCall: (argv) => ['version', ...argv],
};
const flagsBeforeNameText = [
  'Invalid flags before the subcommand. If these flags are for',
  'the subcommand, please put them after the subcommand.',
].join('\n');
