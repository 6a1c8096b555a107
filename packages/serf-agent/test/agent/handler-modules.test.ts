// Handler modules and handlers with settings, in agents that are real processes.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { folderWith } from '../config/load-config.js';
import { privateAddress, type SerfProcess, serf, startAgent } from './agent-process.js';

const ready = 'Log data will now stream in';

describe('handler modules of an agent', { concurrency: 4 }, () => {
  test('a module that is no good ends the start with one sentence and 1', async (t) => {
    const folder = await folderWith(t, { 'c.json': '{"event_handlers":["user=module:./none.mjs"]}' });
    const address = await privateAddress();
    const file = join(folder, 'c.json');
    const own = [`-bind=${address}`, `-rpc-addr=${address}:7373`];
    const { stdout, stderr, exit } = await serf('agent', ...own, `-config-file=${file}`);
    const where = "Invalid event handler 'module:./none.mjs' in 'event_handlers' (-event-handler)";
    const why = `there is no file ${folder}/none.mjs; a path begins at the configuration file`;
    assert.equal(
      stdout,
      `==> Starting Serf agent...\n==> Failed to start the Serf agent: ${where}: ${why}\n`,
    );
    assert.deepEqual([stderr, exit], ['', 1]);
  });

  test('SIGHUP replaces a module with its present code; one that is no good keeps the old', async (t) => {
    const folder = await folderWith(t, {
      'c.json': '{"event_handlers":["module:./h.mjs"],"tags":{"a":"1"}}',
      'h.mjs': moduleText('one'),
    });
    const { agent, rpc } = await started(t, 'hup', `-config-file=${join(folder, 'c.json')}`);
    assert.match((await serf('info', rpc)).stdout, /^\t\*: = module:\.\/h\.mjs$/m);
    await serf('event', rpc, 'x');
    await agent.printed('handler.one: handles user x');

    await writeFile(join(folder, 'h.mjs'), moduleText('two'));
    agent.signal('SIGHUP');
    await agent.printed('handler.one: closed');
    await serf('event', rpc, 'y');
    await agent.printed('handler.two: handles user y');

    await writeFile(join(folder, 'h.mjs'), 'export default 5;');
    await writeFile(join(folder, 'c.json'), '{"event_handlers":["module:./h.mjs"],"tags":{"a":"2"}}');
    agent.signal('SIGHUP');
    await agent.printed('its default export needs an object; see defineHandler of @reeve/handler-api\n');
    await agent.printed('==> Failed to reload configs\n');
    assert.match((await serf('members', rpc)).stdout, /a=1\n/);
    await serf('event', rpc, 'z');
    await agent.printed('handler.two: handles user z');
    agent.signal('SIGINT');
    const { stdout, exit } = await agent.ended;
    assert.equal(exit, 0, stdout);
    const handled = stdout.indexOf('handler.two: handles member-leave');
    const closed = stdout.indexOf('handler.two: closed');
    assert(handled >= 0 && closed > handled && closed < stdout.indexOf('agent: shutdown complete'), stdout);
  });

  test('a module that hangs keeps neither commands nor the end of the agent waiting', async (t) => {
    const folder = await folderWith(t, {
      'h.mjs': "export default { name: 'h', onEvent(event, { log }) { log.info('hangs'); for (;;); } };",
    });
    const { agent, rpc } = await started(t, 'hangs', `-event-handler=user=module:${folder}/h.mjs`);
    await serf('event', rpc, 'x');
    await agent.printed('handler.h: hangs');
    assert.equal((await serf('members', rpc)).exit, 0);
    agent.signal('SIGTERM');
    assert.equal((await agent.ended).exit, 1);
  });

  test('a minority does not act, and acts later only on what is still true', async (t) => {
    const folder = await folderWith(t, {
      'c.json': JSON.stringify({
        log_level: 'debug',
        event_handlers: [{ handler: 'member-failed=cut -f1', only_with_majority: true }],
      }),
    });
    const { agent, address } = await started(t, 'alpha', `-config-file=${join(folder, 'c.json')}`);
    const beta = await started(t, 'beta', ...joining(address));
    const gamma = await started(t, 'gamma', ...joining(address));
    await agent.printed('EventMemberJoin: gamma');
    beta.agent.signal('SIGKILL');
    gamma.agent.signal('SIGKILL');
    await Promise.all([beta.agent.ended, gamma.agent.ended]);
    await agent.printed('EventMemberFailed: beta', 60_000);
    await agent.printed('EventMemberFailed: gamma', 60_000);
    await agent.printed('1 of 3 members alive are no majority');
    assert.doesNotMatch(agent.stdout, /script output/);
    startAgent(t, '-node=beta', `-bind=${beta.address}`, beta.rpc, ...joining(address), '-profile=local');
    await agent.printed('script output: gamma\n');
    assert.doesNotMatch(agent.stdout, /script output: .*\n?beta/);
  });
});

/** With the timing of one machine a join is given up after a second, which a busy one may take. */
function joining(address: string): readonly string[] {
  return [`-retry-join=${address}`, '-retry-interval=1s'];
}

interface Started {
  readonly agent: SerfProcess;
  readonly address: string;
  /** The flag that leads a command to it. */
  readonly rpc: string;
}

async function started(t: TestContext, name: string, ...flags: readonly string[]): Promise<Started> {
  const address = await privateAddress();
  const rpc = `-rpc-addr=${address}:7373`;
  const agent = startAgent(t, `-node=${name}`, `-bind=${address}`, rpc, '-profile=local', ...flags);
  await agent.printed(ready);
  return { agent, address, rpc };
}

/** It says everything by its log: what it printed would come on another way, maybe in another order. */
function moduleText(version: string): string {
  return `export default {
    name: '${version}',
    setup(options, { log }) { return log; },
    onEvent(event, { log }) { log.info('handles ' + event.kind + ' ' + event.name); },
    close(log) { log.info('closed'); },
  };`;
}
