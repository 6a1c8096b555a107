// `serf validate`: what it prints, and how it ends. What it finds is in ../config/check-config.test.ts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderWith } from '../config/load-config.js';
import { runSerf } from './serf-command.ts';

const loopback = ['-bind=127.0.0.1', '-rpc-addr=127.0.0.1:7373'];

test('problems are told one a line, with place and remedy, and end with 1', async (t) => {
  const file = join(await folderWith(t, { 'a.json': '{"rejion_after_leave":true,"role":"x"}' }), 'a.json');
  assert.deepEqual(await runSerf(['validate', ...loopback, `-config-file=${file}`, '-profile=fast']), {
    stdout: [
      `error: ${file}: rejion_after_leave: there is no such key. Did you mean "rejoin_after_leave"?`,
      'error: command line: -profile: there is no profile "fast". Choose lan, wan, local.',
      `warning: ${file}: role: the role is a tag now. Write it as the tag "role".`,
      '2 errors, 1 warning in 1 file and the command line',
      '',
    ].join('\n'),
    stderr: '',
    exit: 1,
  });
});

test('without errors it ends with 0, warnings or not', async () => {
  assert.deepEqual(await runSerf(['validate', ...loopback, '-retry-interval=10ms']), {
    stdout: [
      'warning: command line: -retry-interval: the agent takes 1s for less than that. Write "1s" or more.',
      '0 errors, 1 warning in 0 files and the command line',
      '',
    ].join('\n'),
    stderr: '',
    exit: 0,
  });
});

test('JSON has the same, in fields', async () => {
  const { stdout, exit } = await runSerf(['validate', ...loopback, '-protocol=9', '-format=json']);
  assert.equal(exit, 1);
  assert.deepEqual(JSON.parse(stdout), {
    valid: false,
    files: [],
    problems: [
      {
        severity: 'error',
        source: 'command line',
        key: '-protocol',
        problem: "Protocol version '9' too high. Must be in range: [2, 5]",
        fix: 'Choose 2, 3, 4 or 5, or leave it out.',
      },
    ],
  });
});

test('a file that is named without its flag is not taken for a good one', async () => {
  assert.deepEqual(await runSerf(['validate', 'agent.json']), {
    stdout: '"agent.json" is no flag: name files with -config-file=… and folders with -config-dir=…\n',
    stderr: '',
    exit: 1,
  });
});

test('a flag or format that does not exist is told as by every command', async () => {
  const flag = await runSerf(['validate', '-nosuch']);
  assert.deepEqual([flag.stderr, flag.exit], ['flag provided but not defined: -nosuch\n', 1]);
  const format = await runSerf(['validate', '-format=xml']);
  assert.deepEqual([format.stdout, format.exit], ['Encoding error: Invalid output format "xml"\n', 1]);
});
