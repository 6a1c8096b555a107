// T0-35: what the recorded commands print, how they end, and what they ask: ours are the same to the byte,
// but for the words of help texts. Those that run other commands are in golden-handlers.test.ts.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type CapturedCall, type CapturedCommand, captureNames, readCommand } from '@reeve/golden';
import { writeArchive } from '../../dist/snapshot-archive/index.js';
import { type CommandResult, runConsul, spawnConsul } from './consul-command.ts';
import { recordedAnswer } from './recorded-agent.ts';
import { serveScript } from './scripted-agent.ts';

const folders = [
  ...['catalog', 'cluster', 'event', 'keyring', 'kv', 'maint', 'operator', 'rtt', 'services', 'snapshot'],
  ...['validate', 'watch'],
].map((folder) => `cli/${folder}`);
const names = ['cli', ...folders].flatMap((folder) => captureNames(folder, 'consul'));

/** What ours does not do, or does better. */
const different = new Map([
  ['cli/acl-disabled-token-list', 'not in Reeve'],
  ['cli/config-list', 'not in Reeve'],
  ['cli/debug', 'not in Reeve'],
  ['cli/intention-check', 'not in Reeve'],
  ['cli/intention-create', 'not in Reeve'],
  ['cli/intention-delete', 'not in Reeve'],
  ['cli/login-noargs', 'not in Reeve'],
  ['cli/monitor', "the original cannot read the original's log"],
  ['cli/keygen', 'another key each time'],
]);
const unrecorded = new Map([
  ['cli/reload-bad-config', '/v1/agent/reload'],
  ['cli/cluster/leave-leader', '/v1/agent/leave'],
]);
const inHandlers = /^cli\/watch\/(key-handler|event-handler|handler-exit)/;

const home = mkdtempSync(join(tmpdir(), 'reeve-consul-cli-'));
const started = process.cwd();
before(async () => {
  process.chdir(home);
  await writeFiles();
});
after(() => {
  process.chdir(started);
  rmSync(home, { recursive: true });
});

for (const name of names) {
  if (different.has(name) || inHandlers.test(name)) continue;
  test(`T0-35: ${name}`, (t) => retype(t, name));
}

for (const [name, reason] of different) {
  if (reason !== 'not in Reeve') continue;
  test(`${name}: says that it is not there, with exit code 1`, async () => {
    const { argv } = readCommand(name);
    const { exit, stdout, stderr } = await runConsul(argv);
    assert.deepEqual([exit, stdout], [1, '']);
    assert.match(stderr, new RegExp(`^Reeve does not have "consul ${argv[0]}"`));
  });
}

test('T0-35: cli/keygen: another key of 32 bytes each time', async () => {
  const [one, other] = [await runConsul(['keygen']), await runConsul(['keygen', 'x'])];
  assert.match(one.stdout, /^[A-Za-z0-9+/]{43}=\n$/);
  assert.notEqual(one.stdout, other.stdout);
});

async function retype(t: TestContext, name: string): Promise<void> {
  const command = readCommand(name);
  const script = [...callsOf(name)];
  const { address, calls } = await serveScript(t, (call) => {
    const recorded = script.shift();
    return recorded === undefined
      ? { status: 500, body: `not asked: ${call.target}` }
      : recordedAnswer(name, command, recorded);
  });
  const result = await run(command, envOf(name, address));
  assert.deepEqual(comparable(name, result, command.hasHelp), {
    exit: command.exit,
    stdout: comparableOutput(name, command.stdout),
    stderr: comparableErrors(command.stderr, command.hasHelp),
  });
  const asked = calls.map(({ method, target, headers, body }) => ({
    method,
    target,
    agent: headers['user-agent'],
    token: headers['x-consul-token'],
    body: /^cli\/snapshot/.test(name) ? '' : body,
  }));
  const expected = callsOf(name).map(({ method, target, headers, body }) => ({
    method,
    target,
    agent: headers['User-Agent'],
    token: headers['X-Consul-Token'],
    body: /^cli\/snapshot/.test(name) ? '' : body,
  }));
  assert.deepEqual(asked, expected);
}

/** Of two captures the requests were not recorded. */
function callsOf(name: string): readonly CapturedCall[] {
  const target = unrecorded.get(name);
  if (target === undefined) return readCommand(name).calls;
  const headers = { 'User-Agent': 'Go-http-client/1.1' };
  return [{ method: 'PUT', target, headers, body: '', status: undefined }];
}

function run(command: CapturedCommand, env: Record<string, string>): Promise<CommandResult> {
  if (command.input === undefined) return runConsul(command.argv, env);
  return spawnConsul(command.argv, env, { input: command.input });
}

function envOf(name: string, address: string): Record<string, string> {
  const token = readCommand(name).calls[0]?.headers['X-Consul-Token'];
  return {
    CONSUL_HTTP_ADDR: name === 'cli/kv/connection-refused' ? '127.0.0.1:1' : address,
    ...(token === undefined || name === 'cli/kv/flag-token' ? {} : { CONSUL_HTTP_TOKEN: token }),
  };
}

/** Captures have a line end at their end, whether there was one or not, and no spaces there. */
function comparable(name: string, { exit, stdout, stderr }: CommandResult, hasHelp: boolean) {
  return { exit, stdout: comparableOutput(name, stdout), stderr: comparableErrors(stderr, hasHelp) };
}

function comparableOutput(name: string, stdout: string): string {
  const text = stdout.replace(/ +$/gm, '').trimEnd();
  // The original's order is that of chance.
  return name === 'cli/maint/list' ? text.split('\n\n').sort().join('\n\n') : text;
}

/** Of help that follows a message only the beginning is known. */
function comparableErrors(stderr: string, hasHelp: boolean): string {
  const text = stderr.trimEnd();
  return hasHelp ? text.replace(/^(Usage:.*?)$.*/ms, '$1') : text;
}

async function writeFiles(): Promise<void> {
  writeFileSync('svc.json', '{"service":{"name":"clisvc","port":7777,"tags":["a"],"check":{"ttl":"20m"}}}');
  writeFileSync('svc2.hcl', 'services { name = "hcl1" port = 1 }\nservices { name = "hcl2" port = 2 }\n');
  writeFileSync('goodcfg.json', '{"data_dir":"x","bind_addr":"127.0.0.1"}');
  writeFileSync('badcfg.json', '{"data_dir":"x","bogus_key":1}');
  writeFileSync('badsyntax.json', '{"data_dir":');
  mkdirSync('val');
  writeFileSync('val/a.json', '{"bind_addr":"127.0.0.1"}');
  const metadata = {
    id: '2-360-1795289768734',
    index: 360,
    term: 2,
    peers: new Uint8Array(0),
    configuration: { servers: [] },
    configurationIndex: 1,
    stateBytes: 71723,
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of writeArchive(metadata, [new Uint8Array(71723)])) pieces.push(piece);
  writeFileSync('out.snap', Buffer.concat(pieces));
}
