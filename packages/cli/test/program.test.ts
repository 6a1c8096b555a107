// A small program from its command line to its exit code: flags, help, versions and signals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CommandIo, defineCommand, onSignals, type Program, runProgram, signalText } from '@reeve/cli';

const eventCommand = defineCommand({
  usage: 'tool event [options] name [payload]',
  about: 'Sends an event to every member. The name may be empty.\n\nThe payload is text.',
  flags: {
    coalesce: { kind: 'bool', default: true, help: 'Whether later events may replace it.' },
    'rpc-addr': {
      kind: 'string',
      default: '127.0.0.1:7373',
      env: 'TOOL_ADDR',
      help: 'Where the agent listens.',
    },
    node: { kind: 'repeatable', placeholder: 'NAME', help: 'Only these nodes.' },
  },
  async run({ values, args, ui, usageError }) {
    if (args.length === 0) return usageError('An event name must be specified.');
    ui.output(`${args.join('+')} coalesce=${values.coalesce} to=${values['rpc-addr']}`);
    return 5;
  },
});

const toolProgram: Program = {
  name: 'tool',
  commands: {
    version: { synopsis: 'Prints the version', load: async () => versionCommand },
    event: { synopsis: 'Sends an event', load: async () => eventCommand },
    'force-leave': { synopsis: 'Forces', load: () => assert.fail('only the chosen command is loaded') },
  },
};

const versionCommand = defineCommand({
  usage: 'tool version',
  about: 'Prints the version.',
  flags: {},
  ignoresFlags: true,
  async run({ ui }) {
    ui.output('1.2.3');
    return 0;
  },
});

const rootHelp = `Usage: tool [--version] [--help] <command> [<args>]

Available commands are:
    event          Sends an event
    force-leave    Forces
    version        Prints the version

`;

test('the words behind the command are its flags and arguments, its result is the exit code', async () => {
  assert.deepEqual(await run('event', '-coalesce=false', 'deploy', '-x'), {
    exit: 5,
    stdout: 'deploy+-x coalesce=false to=127.0.0.1:7373\n',
    stderr: '',
  });
});

test('the environment reaches the flags', async () => {
  assert.match((await runWith({ TOOL_ADDR: 'h:1' }, 'event', 'x')).stdout, /to=h:1$/m);
});

test('a flag error goes to stderr, the help to stdout, and the exit code is 1', async () => {
  assert.deepEqual(await run('event', '-nosuch'), {
    exit: 1,
    stdout: `${eventCommand.help}\n`,
    stderr: 'flag provided but not defined: -nosuch\n',
  });
  assert.deepEqual(await run('event', '-help=x'), { exit: 1, stdout: `${eventCommand.help}\n`, stderr: '' });
});

test('wrong use is told on stdout, then an empty line and the help, and the exit code is 1', async () => {
  assert.deepEqual(await run('event'), {
    exit: 1,
    stdout: `An event name must be specified.\n\n${eventCommand.help}\n`,
    stderr: '',
  });
});

test('no command and an unknown one list the commands on stderr with exit code 127', async () => {
  for (const words of [
    [],
    ['nosuch'],
    ['nosuch', '-h'],
    ['-x'],
    ['-version'],
    ['--', 'event'],
    [''],
    ['toString'],
  ]) {
    assert.deepEqual(await run(...words), { exit: 127, stdout: '', stderr: rootHelp }, words.join(' '));
  }
});

test('asking for help alone lists the commands with exit code 0', async () => {
  for (const words of [['-h'], ['-help'], ['--help'], ['-x', '-h']]) {
    assert.deepEqual(await run(...words), { exit: 0, stdout: '', stderr: rootHelp }, words.join(' '));
  }
});

test('help for a command is asked for anywhere before two dashes, and goes to stderr', async () => {
  for (const words of [
    ['event', '-h'],
    ['-h', 'event'],
    ['event', '-nosuch', 'x', '--help'],
  ]) {
    assert.deepEqual(
      await run(...words),
      { exit: 0, stdout: '', stderr: `${eventCommand.help}\n` },
      words.join(' '),
    );
  }
  assert.equal((await run('event', '--', '-h')).exit, 5);
});

test('the version is asked for anywhere, even behind two dashes', async () => {
  for (const words of [['-v'], ['--version'], ['event', 'deploy', '-v'], ['event', '--', '--version']]) {
    assert.deepEqual(await run(...words), { exit: 0, stdout: '1.2.3\n', stderr: '' }, words.join(' '));
  }
});

test('flags before the command are refused, but for the ones that are understood', async () => {
  const { exit, stdout, stderr } = await run('-x', 'event', 'deploy');
  assert.equal(exit, 1);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    [
      'Invalid flags before the subcommand. If these flags are for',
      'the subcommand, please put them after the subcommand.',
      '',
      `${eventCommand.help}\n`,
    ].join('\n'),
  );
  assert.equal((await run('-version', 'event', 'deploy')).exit, 5);
  assert.equal((await run('', 'event', 'deploy')).exit, 5);
});

test('the help names every flag and its default', () => {
  assert.equal(
    eventCommand.help,
    `Usage: tool event [options] name [payload]

  Sends an event to every member. The name may be empty.

  The payload is text.

Options:

  -coalesce=true|false  Whether later events may replace it. (default true)
  -rpc-addr=text        Where the agent listens. (default 127.0.0.1:7373, or
                        $TOOL_ADDR)
  -node=NAME            Only these nodes. (may be given more than once)`,
  );
});

test('a wide flag has a line of its own, and sections follow the options', () => {
  const { help } = defineCommand({
    usage: 'tool x',
    about: 'X.',
    flags: {
      'a-flag-with-a-long-name': { kind: 'string', placeholder: 'path/to/file', help: 'Long.' },
      n: { kind: 'int', default: 3, help: 'Short.' },
      t: { kind: 'duration', default: '5s', help: 'Time.' },
    },
    notes: 'More:\n\n  as it is',
    run: async () => 0,
  });
  assert.equal(
    help,
    `Usage: tool x

  X.

Options:

  -a-flag-with-a-long-name=path/to/file
               Long.
  -n=number    Short. (default 3)
  -t=duration  Time. (default 5s)

More:

  as it is`,
  );
});

test('what a command says has its prefixes, its help too', async () => {
  const agent = defineCommand({
    usage: 'tool agent',
    about: 'Runs.',
    flags: {},
    prefixes: { output: '==> ', info: '    ' },
    run: async () => 0,
  });
  const { io, result } = memoryIo({});
  assert.equal(await agent.run(['-x'], io), 1);
  assert.match(result.stdout, /^==> Usage: tool agent\n/);
});

test('signals reach a command until it stops listening', () => {
  const listeners = new Map<string, () => void>();
  const source = {
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    off: (signal: string) => listeners.delete(signal),
  };
  const heard: string[] = [];
  const stop = onSignals(source, ['SIGINT', 'SIGTERM'], (signal) => heard.push(signalText(signal)));
  listeners.get('SIGTERM')?.();
  listeners.get('SIGINT')?.();
  stop();
  assert.deepEqual(heard, ['terminated', 'interrupt']);
  assert.equal(listeners.size, 0);
});

function run(...argv: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  return runWith({}, ...argv);
}

async function runWith(env: CommandIo['env'], ...argv: string[]) {
  const { io, result } = memoryIo(env);
  const exit = await runProgram(toolProgram, argv, io);
  return { exit, ...result };
}

function memoryIo(env: CommandIo['env']): { io: CommandIo; result: { stdout: string; stderr: string } } {
  const result = { stdout: '', stderr: '' };
  const io: CommandIo = {
    stdout: { write: (text) => (result.stdout += text) },
    stderr: { write: (text) => (result.stderr += text) },
    env,
    signals: { on: () => {}, off: () => {} },
  };
  return { io, result };
}
