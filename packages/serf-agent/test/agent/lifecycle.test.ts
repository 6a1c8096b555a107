// What an agent does between start and end: reloading, leaving, joining late.

import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { readPlain, readTranscript } from '@reeve/golden';
import { RpcClient } from '../../dist/rpc/client.js';
import { folderWith } from '../config/load-config.js';
import { privateAddress, type SerfProcess, serf, startAgent } from './agent-process.js';
import { Stage } from './transcripts.js';

const ready = 'Log data will now stream in';

describe('agent lifecycle', { concurrency: 4 }, () => {
  test('[70] all banner lines stand as in the capture, the unaligned one too', async (t) => {
    const address = await privateAddress();
    const advertised = await privateAddress();
    const folder = await folderWith(t, {});
    const [, ...flags] = readTranscript('agent/start-all-banner-lines')
      .argv.filter((word) => !word.startsWith('-discover'))
      .map((word) =>
        word.replace('DIR', folder).replace('127.0.7.22', address).replace('127.0.7.23', advertised),
      );
    const agent = startAgent(t, ...flags);
    await agent.printed(ready);
    const banner = readTranscript('agent/start-all-banner-lines').stdout.split('\n\n')[0];
    assert.equal(
      agent.stdout.split('\n\n')[0]?.replaceAll(address, '127.0.7.22').replace(advertised, '127.0.7.23'),
      banner?.replace(/\n.*mDNS cluster.*/, ''),
    );
  });

  test('[74] an agent told to leave over RPC ends with 0', async (t) => {
    const { agent, expected, outcome } = await new Stage(await folderWith(t, {})).rerun(
      t,
      'agent/exit-after-rpc-leave',
    );
    await agent.printed('Received event: member-join');
    const [, rpc = ''] = /RPC addr: '(.*)'/.exec(agent.stdout) ?? [];
    assert.equal((await serf('tags', `-rpc-addr=${rpc}`, '-set', 'a=b')).exit, 0);
    const left = await serf('leave', `-rpc-addr=${rpc}`);
    assert.deepEqual(left, { stdout: 'Graceful leave complete\n', stderr: '', exit: 0 });
    assert.deepEqual(await outcome(), expected);
  });

  test('[74] two nodes of a cluster that leave at the same moment both finish and end with 0', async (t) => {
    const first = await startedAgent(t, 'la');
    const second = await startedAgent(t, 'lb', `-join=${first.address}`);
    await first.agent.printed('EventMemberJoin: lb');
    first.agent.signal('SIGINT');
    second.agent.signal('SIGINT');
    for (const { agent } of [first, second]) {
      const { stdout, exit } = await agent.ended;
      assert.equal(exit, 0, stdout);
      assert(!stdout.includes('Shutdown without a Leave'), stdout);
    }
  });

  test('a leave that is asked for again, by signal or by command, is the one that goes on', async (t) => {
    const first = await startedAgent(t, 'stays');
    const { agent, address } = await startedAgent(t, 'leaves', `-join=${first.address}`);
    await first.agent.printed('EventMemberJoin: leaves');
    const at = { address: `${address}:7373`, authKey: '' };
    const [client, another] = [await RpcClient.connect(at), await RpcClient.connect(at)];
    const leaving = client.leave();
    await agent.printed('Graceful leave triggered');
    agent.signal('SIGINT');
    await agent.printed('Caught signal: interrupt');
    await Promise.all([leaving, another.leave()]);
    const { stdout, exit } = await agent.ended;
    assert.equal(exit, 0, stdout);
    assert(!stdout.includes('Shutdown without a Leave'), stdout);
  });

  test('tags that cannot be kept in their file are not taken over', async (t) => {
    const tagsFile = '/nonexistent/tags.json';
    const { rpc } = await startedAgent(t, 'keeps', `-tags-file=${tagsFile}`);
    const refused = await serf('tags', rpc, '-set', 'a=b');
    const reason = `open ${tagsFile}: no such file or directory`;
    assert.equal(refused.stdout, `Error setting tags: Failed to write tags file: ${reason}\n`);
    assert.doesNotMatch((await serf('members', rpc)).stdout, /a=b/);
  });

  test('[75] SIGHUP applies log level, handlers and tags; a broken file changes nothing', async (t) => {
    const folder = await folderWith(t, { 'c.json': '{"tags":{"a":"1"},"log_level":"info"}' });
    const file = join(folder, 'c.json');
    const { agent, rpc } = await startedAgent(t, 'hup', `-config-file=${file}`);

    await writeFile(
      file,
      '{"tags":{"a":"2"},"log_level":"debug","event_handlers":["user=echo new"],"profile":"wan"}',
    );
    agent.signal('SIGHUP');
    await agent.printed('Reloaded configuration, changed: event_handlers, log_level, tags');
    await agent.printed('[WARN] agent: Not changed before a restart: profile');
    await agent.printed('serf: EventMemberUpdate: hup');
    await serf('event', rpc, 'x');
    await agent.printed("[DEBUG] agent: Event 'user' script output: new");
    assert.match((await serf('members', rpc)).stdout, / a=2\n/);

    await writeFile(file, '{"tags":{"a":"2"},"log_level":"bogus","event_handlers":["user=echo newer"]}');
    agent.signal('SIGHUP');
    await agent.printed('==> Invalid log level: BOGUS. Valid log levels are: [TRACE DEBUG INFO WARN ERR]\n');
    await agent.printed('changed: event_handlers\n');
    await serf('event', rpc, 'y');
    await agent.printed("[DEBUG] agent: Event 'user' script output: newer");

    await writeFile(file, '{"tags":,}');
    agent.signal('SIGHUP');
    await agent.printed('==> Failed to reload configs\n');
    const captured = readPlain('agent/sighup-reload').text;
    const said = agent.stdout.slice(agent.stdout.indexOf(ready)).replace(file, 'DIR/auth.json');
    assert.deepEqual(messages(said), messages(captured));
    assert.match((await serf('info', rpc)).stdout, /user: = echo newer/);
  });

  test('[75] SIGHUP changes how signals are answered', async (t) => {
    const folder = await folderWith(t, { 'c.json': '{}' });
    const { agent } = await startedAgent(t, 'hup2', `-config-dir=${folder}`);
    await writeFile(join(folder, 'c.json'), '{"leave_on_terminate":true}');
    agent.signal('SIGHUP');
    await agent.printed('changed: leave_on_terminate');
    agent.signal('SIGTERM');
    const { stdout, exit } = await agent.ended;
    assert.equal(exit, 0, stdout);
  });

  test('[75] SIGHUP leaves tags alone that are kept in a file', async (t) => {
    const folder = await folderWith(t, { 'tags.json': '{"role":"web"}', 'c.json': '{}' });
    const tagsFile = join(folder, 'tags.json');
    const { agent, rpc } = await startedAgent(
      t,
      'hu',
      `-tags-file=${tagsFile}`,
      `-config-file=${join(folder, 'c.json')}`,
    );
    await serf('tags', rpc, '-set', 'b=<2>', '-set', 'a=1');
    const written = await readFile(tagsFile, 'utf8');
    assert.equal(written, '{\n  "a": "1",\n  "b": "\\u003c2\\u003e",\n  "role": "web"\n}');
    assert.equal((await stat(tagsFile)).mode & 0o777, 0o600);
    const tooLong = await serf('tags', rpc, '-set', `big=${'x'.repeat(600)}`);
    assert.match(tooLong.stdout, /Encoded length of tags exceeds limit of 512 bytes/);
    assert.equal(await readFile(tagsFile, 'utf8'), written, 'refused tags must not prevent the next start');

    agent.signal('SIGHUP');
    await agent.printed('Reloaded configuration, changed: nothing');
    assert.match((await serf('members', rpc)).stdout, /role=web/);
    assert.equal(await readFile(tagsFile, 'utf8'), written);

    await writeFile(join(folder, 'c.json'), '{"tags":{"x":"y"}}');
    agent.signal('SIGHUP');
    await agent.printed('==> Failed to update tags: Tags config not allowed while using tag files\n');
    assert.equal(await readFile(tagsFile, 'utf8'), written);
  });

  test('[76] serf info after a config-dir merge equals the capture', async (t) => {
    const folder = await folderWith(t, {
      '01.json': '{"tags":{"a":"1","b":"1"},"event_handlers":["user:one=/bin/true"],"protocol":4}',
      '02.json':
        '{"tags":{"b":"2"},"event_handlers":["member-join,member-leave=/bin/echo x=y"],"role":"cfgrole"}',
    });
    const { rpc } = await startedAgent(
      t,
      'fromfile',
      `-config-dir=${folder}`,
      '-tag',
      'c=3',
      '-event-handler=query:q=/bin/true',
    );
    const { stdout } = await serf('info', rpc);
    const ofMachine = /^\t(cpu_count|goroutines|max_procs|version|arch|os) = .*$/gm;
    assert.equal(
      stdout.replaceAll(ofMachine, ''),
      readTranscript('cli/info-config-dir-merge').stdout.replaceAll(ofMachine, ''),
    );
  });

  test('[77] a retried join succeeds as soon as the seed is there', async (t) => {
    const seedAddress = await privateAddress();
    const { agent } = await startedAgent(t, 'late', `-retry-join=${seedAddress}`, '-retry-interval=1s');
    await agent.printed('[WARN] agent: Join failed: 1 error occurred:');
    startAgent(t, '-node=seed', `-bind=${seedAddress}`, `-rpc-addr=${seedAddress}:7373`);
    await agent.printed('[INFO] agent: Join completed. Synced with 1 initial agents');
    agent.signal('SIGINT');
    assert.equal((await agent.ended).exit, 0);
  });

  test('an agent that still retries to join ends at once when told to', async (t) => {
    const { agent } = await startedAgent(
      t,
      'r',
      `-retry-join=${await privateAddress()}`,
      '-retry-interval=1h',
    );
    await agent.printed('retrying in 1h0m0s');
    agent.signal('SIGTERM');
    assert.equal((await agent.ended).exit, 1);
  });

  test('a handler that runs does not keep an ended agent alive', async (t) => {
    const { agent } = await startedAgent(t, 'h', '-event-handler=member-join=exec sleep 30');
    await agent.printed('slow, execution exceeding 1s');
    agent.signal('SIGTERM');
    assert.equal((await agent.ended).exit, 1);
  });
});

interface Started {
  readonly agent: SerfProcess;
  readonly address: string;
  /** The flag that leads a command to it. */
  readonly rpc: string;
}

async function startedAgent(t: TestContext, name: string, ...flags: readonly string[]): Promise<Started> {
  const address = await privateAddress();
  const rpc = `-rpc-addr=${address}:7373`;
  const agent = startAgent(t, `-node=${name}`, `-bind=${address}`, rpc, ...flags);
  await agent.printed(ready);
  return { agent, address, rpc };
}

// What is no log line.
function messages(output: string): string[] {
  return output.split('\n').filter((line) => line.startsWith('==> '));
}
