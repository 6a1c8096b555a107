// `serf simulate`: what it prints, what it writes, and what it refuses. The forecasts themselves are tested
// in @reeve/sim.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folderWith } from '../config/load-config.js';
import { runSerf } from './serf-command.ts';

const quick = ['-nodes=10', '-duration=12s'];

test('the spread stands beside the formula, in columns, with traffic and false positives below', async () => {
  const { stdout, stderr, exit } = await runSerf(['simulate', ...quick, '-seed=3']);
  // A busy machine takes long enough to be told how far it is.
  assert.match(stderr, /^(simulated \d+ of 17 s, about \d+ s to go\n)*$/);
  assert.equal(exit, 0);
  const lines = stdout.split('\n');
  assert.equal(lines[0], 'event among 10 members, lan, 0 % of packets lost, 12 s, seed 3');
  assert.equal(lines[2], 'a user event reaches members (once)');
  assert.equal(lines[3], '     members          ms  formula ms');
  assert.match(lines[5] ?? '', /^ {8}95 % +\d+ +712$/);
  assert.match(lines[7] ?? '', /^ {7}100 % +\d+ +1548$/);
  assert.match(stdout, /^settings {9}gossip to 3 members every 200 ms; probe every 1 s, wait 500 ms; /m);
  assert.match(stdout, /^traffic {10}\d+ B\/s sent by a member on average, /m);
  assert.match(stdout, /^false positives {2}none$/m);
});

test('JSON has everything, in fields', async () => {
  const { stdout } = await runSerf(['simulate', ...quick, '-loss=5%', '-format=json', '-latency=2ms']);
  const found = JSON.parse(stdout);
  const { spreads, traffic, settings, ...rest } = found;
  assert.deepEqual(rest, {
    scenario: 'event',
    nodes: 10,
    killed: 0,
    loss: 0.05,
    latency_ms: 2,
    seed: 1,
    duration_ms: 12_000,
    false_positives: { members: 0, reports: 0 },
  });
  assert.deepEqual(settings, {
    profile: 'lan',
    gossip_interval_ms: 200,
    gossip_nodes: 3,
    retransmit_mult: 4,
    probe_interval_ms: 1_000,
    probe_timeout_ms: 500,
    suspicion_mult: 4,
    push_pull_interval_ms: 30_000,
    compression: true,
    encrypted: false,
  });
  const numbersOf = [
    'packet_bytes_per_second',
    'stream_bytes_per_second',
    'packets_per_second',
    'busiest_member_bytes_per_second',
  ];
  assert.deepEqual(Object.keys(traffic), [...numbersOf, 'bytes_per_second']);
  for (const name of numbersOf) assert.equal(typeof traffic[name], 'number', name);
  assert.equal(traffic.bytes_per_second.length, 12);
  assert.equal(spreads.length, 1);
  assert.deepEqual(Object.keys(spreads[0]), ['title', 'news', 'rows', 'curve']);
  assert.deepEqual(Object.keys(spreads[0].rows[0]), ['share', 'mean_ms', 'slowest_ms', 'formula_ms']);
  assert.deepEqual(Object.keys(spreads[0].curve[0]), ['after_ms', 'share', 'formula']);
});

test('what did not happen in time is a dash, and null in JSON', async () => {
  const early = ['simulate', '-nodes=10', '-scenario=failure', '-duration=1s'];
  assert.match((await runSerf(early)).stdout, /^ {7}100 % {11}-$/m);
  assert.equal(
    JSON.parse((await runSerf([...early, '-format=json'])).stdout).spreads[0].rows[0].mean_ms,
    null,
  );
});

test('members run with the settings of configuration files, flags before files', async (t) => {
  const key = 'AAAAAAAAAAAAAAAAAAAAAA==';
  const config = JSON.stringify({
    profile: 'wan',
    enable_compression: false,
    encrypt_key: key,
    tags: { a: 'b' },
  });
  const file = join(await folderWith(t, { 'agent.json': config }), 'agent.json');
  const settingsOf = async (...flags: readonly string[]) => {
    const argv = ['simulate', ...quick, '-format=json', `-config-file=${file}`, ...flags];
    const { settings, latency_ms } = JSON.parse((await runSerf(argv)).stdout);
    return [settings.profile, settings.gossip_nodes, settings.compression, settings.encrypted, latency_ms];
  };
  assert.deepEqual(await settingsOf(), ['wan', 4, false, true, 40]);
  assert.deepEqual(await settingsOf('-profile=lan'), ['lan', 3, false, true, 1]);
});

test('what cannot be simulated is told in one sentence with flag and remedy, and ends with 1', async (t) => {
  const folder = await folderWith(t, { 'bad.json': '{"profile":"slow"}', 'key.json': '{"encrypt_key":"!"}' });
  const refusals: Readonly<Record<string, readonly string[]>> = {
    '-nodes: 1 is out of range; write a number from 2 to 20000': ['-nodes=1'],
    '-nodes: 20001 is out of range; write a number from 2 to 20000': ['-nodes=20001'],
    '-kill: 5 is out of range; write a number from 1 to 4': ['-nodes=5', '-scenario=failure', '-kill=5'],
    '-seed: -1 is out of range; write a number from 0 to 4294967295': ['-seed=-1'],
    '-loss: "5" is no share of packets; write 0% to 99%': ['-loss=5'],
    '-loss: "a lot" is no share of packets; write 0% to 99%': ['-loss=a lot'],
    '-latency: a packet travels more than 0 and at most 60s': ['-latency=-1s'],
    '-duration: write a time from 1s to 24h': ['-duration=10ms'],
    '-scenario: there is no scenario "storm"; choose event, failure, join, partition': ['-scenario=storm'],
    '-profile: there is no profile "fast"; choose lan, wan, local': ['-profile=fast'],
    '-profile: there is no profile "slow"; choose lan, wan, local': [`-config-file=${folder}/bad.json`],
    'Encoding error: Invalid output format "xml"': ['-format=xml'],
  };
  for (const [sentence, flags] of Object.entries(refusals)) {
    const { stdout, exit } = await runSerf(['simulate', ...flags]);
    assert.deepEqual([stdout, exit], [`${sentence}\n`, 1]);
  }
  const key = await runSerf(['simulate', `-config-file=${folder}/key.json`]);
  assert.match(key.stdout, /^-config-file: Invalid encryption key: .*\n$/);
  const missing = await runSerf(['simulate', `-config-file=${folder}/missing.json`]);
  assert.match(missing.stdout, /^-config-file: Error reading '.*missing.json': .*\n$/);
  const output = await runSerf(['simulate', `-output=${folder}/no/such/folder.html`]);
  assert.match(output.stdout, /^-output: .*; name a file that can be written\n$/);
  const words = await runSerf(['simulate', 'event']);
  assert.match(words.stdout, /^No arguments are expected: event\n\nUsage: serf simulate /);
});

test('from a shell: a failure, with a page of plots', async (t) => {
  const page = join(await folderWith(t, {}), 'report.html');
  const argv = ['simulate', '-nodes=20', '-scenario=failure', '-kill=2', '-loss=1%', `-output=${page}`];
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...argv]);
  assert.match(stdout, /^failure of 2 among 20 members, lan, 1 % of packets lost, 60 s, seed 1\n/);
  const html = await readFile(page, 'utf8');
  assert.ok(html.startsWith('<!DOCTYPE html>\n<html lang="en">'));
  assert.ok(html.endsWith('</html>\n'));
  assert.ok((await stat(page)).size > 5_000);
});

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
