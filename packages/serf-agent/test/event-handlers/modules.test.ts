// Handlers that are modules, in their threads: what they get, and what they can do to us.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { EventHandlers } from '../../dist/event-handlers/event-handlers.js';
import type { HandlerObject } from '../../dist/event-handlers/handler-entry.js';
import { createHost, type Host, member, query, startHandlers, userEvent } from './handler-host.js';

describe('handler modules', { concurrency: 4 }, () => {
  test('a module gets its options, its state, events, members and the means to answer', async (t) => {
    const { handlers, host } = await started(
      t,
      `export default {
        name: 'echo',
        setup(options, { nodeName, log }) {
          log.info('set up on ' + nodeName + ' with ' + JSON.stringify(options));
          return { count: 0 };
        },
        async onMemberEvent(event, { state, members, self, log }) {
          const known = (await members()).map(({ name, host, status }) => name + ' ' + host + ' ' + status);
          const role = event.members[0].tags.get('role');
          log.warn([++state.count, event.kind, role, self.name, ...known].join());
        },
        async onEvent(event, { state, log, signal }) {
          const text = new TextDecoder().decode(event.payload);
          log.error([++state.count, event.kind, event.name, text, event.lTime, signal.aborted].join());
          if (event.kind === 'query') event.respond('asked by ' + event.sourceNode);
          if (event.kind === 'query') event.respond(Uint8Array.of(1, 2));
        },
        close(state) { console.log('closed after', state.count); },
      };`,
      { options: { depth: [1, null] } },
    );
    handlers.onEvent({ kind: 'member-join', members: [member('beta', '10.0.0.2', { role: 'db' })] });
    handlers.onEvent(userEvent('deploy', 'v1', 7));
    const asked = query('load', 'now');
    handlers.onEvent(asked);
    await host.logged('handled by', 3);
    await handlers.close();
    assert.deepEqual(asked.answers, ['asked by beta', '\x01\x02']);
    assert.deepEqual(
      host.lines.filter((line) => line.includes('handler.')),
      [
        '[INFO] handler.echo: set up on alpha with {"depth":[1,null]}',
        '[WARN] handler.echo: 1,member-join,db,alpha,alpha 127.0.7.1 alive,beta 10.0.0.2 failed',
        '[ERR] handler.echo: 2,user,deploy,v1,7,false',
        '[ERR] handler.echo: 3,query,load,now,2,false',
        '[INFO] handler.echo: closed after 3\n',
      ],
    );
  });

  test('a module without a method for an event lets it pass', async (t) => {
    const { handlers, host } = await started(t, `export default { name: 'm', onMemberEvent() {} };`);
    handlers.onEvent(userEvent('a', ''));
    await host.logged("agent: Event 'user' handled by");
  });

  test('throwing and rejecting cost a line each, and the module lives on', async (t) => {
    const { handlers, host, command } = await started(
      t,
      `let count = 0;
      export default { name: 'm', onEvent(event, { log }) {
        log.info('call ' + ++count);
        if (event.name === 'throws') throw new Error('thrown');
        if (event.name === 'rejects') return Promise.reject('rejected');
      } };`,
    );
    for (const name of ['throws', 'rejects', 'works']) handlers.onEvent(userEvent(name, ''));
    await host.logged('handled by');
    assert.deepEqual(host.lines, [
      '[INFO] handler.m: call 1',
      `[ERR] agent: Error invoking handler '${command}': thrown`,
      '[INFO] handler.m: call 2',
      `[ERR] agent: Error invoking handler '${command}': rejected`,
      '[INFO] handler.m: call 3',
      `[DEBUG] agent: Event 'user' handled by '${command}'`,
    ]);
  });

  test('a module that takes too long is told by its signal, and keeps its thread if it stops', async (t) => {
    const { handlers, host } = await started(
      t,
      `let count = 0;
      export default { name: 'm', async onEvent(event, { log, signal }) {
        log.info('call ' + ++count);
        if (event.name === 'waits') await new Promise((resolve) => signal.addEventListener('abort', resolve));
        if (signal.aborted) log.info(signal.reason.message);
      } };`,
      { timeoutMs: 3_000 },
    );
    handlers.onEvent(userEvent('waits', ''));
    handlers.onEvent(userEvent('works', ''));
    await host.logged('handled by');
    assert.deepEqual(
      host.lines.map((line) => line.replace(/'module.*?'/, 'M')),
      [
        '[INFO] handler.m: call 1',
        '[INFO] handler.m: timed out after 3s',
        '[ERR] agent: Error invoking handler M: timed out after 3s',
        '[INFO] handler.m: call 2',
        "[DEBUG] agent: Event 'user' handled by M",
      ],
    );
  });

  for (const [what, hang] of [
    ['never resolves', 'await new Promise(() => {})'],
    ['never returns', 'for (;;);'],
  ] as const) {
    test(`a module that ${what} loses its thread, and nobody else waits for it`, async (t) => {
      const text = `let count = 0;
        export default { name: 'm', async onEvent(event, { log }) {
          log.info('call ' + ++count);
          if (event.name === 'hangs') ${hang};
        } };`;
      const { handlers, host } = await started(t, text, { timeoutMs: 3_000 }, 'user:hangs=echo meanwhile');
      handlers.onEvent(userEvent('hangs', ''));
      await host.logged('output: meanwhile');
      assert(!host.lines.some((line) => line.startsWith('[ERR]')));
      handlers.onEvent(userEvent('works', ''));
      await host.logged('handled by');
      const stopped = 'timed out after 3s and did not stop, so its thread was ended';
      const own = host.lines.filter((line) => !line.includes('meanwhile'));
      assert.deepEqual(
        own.map((line) => line.replace(/'module.*?'/, 'M')),
        [
          '[INFO] handler.m: call 1',
          `[ERR] agent: Error invoking handler M: ${stopped}`,
          '[INFO] handler.m: call 1',
          "[DEBUG] agent: Event 'user' handled by M",
        ],
      );
    });
  }

  for (const [what, deed, reason] of [
    ['crashes', "throw new Error('boom')", 'it crashed: boom'],
    ['leaves a promise unhandled', "Promise.reject(new Error('lost'))", 'it crashed: lost'],
    ['exits', 'process.exit(7)', 'it ended its thread with exit code 7'],
  ] as const) {
    test(`a module that ${what} between events costs a line and begins anew with the next`, async (t) => {
      const { handlers, host, command, file } = await started(
        t,
        `import { existsSync } from 'node:fs';
        export default { name: 'm', setup(options, { log }) { log.info('set up'); }, onEvent(event) {
          const flag = new URL('flag', import.meta.url);
          if (event.name === 'bad') setInterval(() => { if (existsSync(flag)) ${deed}; }, 10);
        } };`,
      );
      handlers.onEvent(userEvent('bad', ''));
      await host.logged('handled by');
      await writeFile(join(dirname(file), 'flag'), '');
      await host.logged('failed between events');
      handlers.onEvent(userEvent('good', ''));
      await host.logged('handled by', 2);
      assert.deepEqual(host.lines, [
        '[INFO] handler.m: set up',
        `[DEBUG] agent: Event 'user' handled by '${command}'`,
        `[ERR] agent: Handler '${command}' failed between events: ${reason}`,
        '[INFO] handler.m: set up',
        `[DEBUG] agent: Event 'user' handled by '${command}'`,
      ]);
    });
  }

  test('a module that ends while it handles an event has failed and may be tried again', async (t) => {
    const { handlers, host } = await started(
      t,
      `export default { name: 'm', onEvent() { process.exit(1); } };`,
      { retries: 1, retryDelayMs: 1 },
    );
    handlers.onEvent(userEvent('a', ''));
    await host.logged('exit code 1', 2);
    assert.deepEqual(
      host.lines.map((line) => line.replace(/^.*': /, '')),
      ['it ended its thread with exit code 1; trying again in 1ms', 'it ended its thread with exit code 1'],
    );
  });

  test('a module that writes without end costs some lines and its thread', async (t) => {
    const { handlers, host } = await started(
      t,
      `export default { name: 'm', onEvent(event, { log }) { for (;;) log.info('x'.repeat(100)); } };`,
      { timeoutMs: 1_000 },
    );
    const startMs = performance.now();
    handlers.onEvent(userEvent('a', ''));
    await host.logged('did not stop');
    assert(host.lines.some((line) => line.includes('more than 1000 times a second; the rest is dropped')));
    const linesMax = 1_000 * ((performance.now() - startMs) / 1_000 + 2);
    assert(host.lines.length < linesMax, `${host.lines.length} lines`);
  });

  test('a failure of several lines is told in one', async (t) => {
    const text = `export default { name: 'm', onEvent() {
      throw new Error('one\\n  two' + 'x'.repeat(5000));
    } };`;
    const { handlers, host } = await started(t, text);
    handlers.onEvent(userEvent('a', ''));
    await host.logged('one | twoxxx');
    assert((host.lines[0]?.length ?? 0) < 1100);
  });

  test('a module whose setup fails after a crash fails event by event', async (t) => {
    const { handlers, host, file } = await started(
      t,
      `export default { name: 'm', onEvent() { process.exit(1); } };`,
    );
    await writeFile(file, `export default { name: 'm', setup() { throw new Error('no'); }, onEvent() {} };`);
    handlers.onEvent(userEvent('a', ''));
    handlers.onEvent(userEvent('b', ''));
    await host.logged('[ERR]', 2);
    assert.match(host.lines.at(-1) ?? '', /': its setup failed: no$/);
  });

  test('closing waits for a module that closes, but not for one that does not', async (t) => {
    const { handlers, host } = await started(
      t,
      `export default { name: 'm', async onEvent(event, { signal, log }) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        log.info(signal.reason.message);
      }, async close() {
        await new Promise((resolve) => setTimeout(resolve, 50));
        console.log('closed');
      } };`,
    );
    handlers.onEvent(userEvent('a', ''));
    await handlers.close();
    assert.deepEqual(host.lines.slice(-1), ['[INFO] handler.m: closed\n']);
    const stuck = await started(t, `export default { name: 'm', onEvent() {}, close() { for (;;); } };`);
    await stuck.handlers.close();
  });
});

describe('modules that are no good', { concurrency: 4 }, () => {
  const shapes: readonly (readonly [text: string, reason: string])[] = [
    ['export const handler = {};', 'it has no default export; write "export default defineHandler({…})"'],
    ['export default 5;', 'its default export needs an object; see defineHandler of @reeve/handler-api'],
    [
      'export default { onEvent() {} };',
      "its default export needs an object with a text as 'name'; see defineHandler of @reeve/handler-api",
    ],
    [
      "export default { name: 'm', onEvent: 'x' };",
      "its default export needs a function as 'onEvent'; see defineHandler of @reeve/handler-api",
    ],
    [
      "export default { name: 'm', setup() {} };",
      "its default export needs 'onMemberEvent' or 'onEvent'; see defineHandler of @reeve/handler-api",
    ],
    ['export default {', 'it cannot be loaded: Unexpected end of input'],
    ["throw new Error('at once');", 'it cannot be loaded: at once'],
    [
      "export default { name: 'm', setup() { throw new Error('no option file'); }, onEvent() {} };",
      'its setup failed: no option file',
    ],
    [
      "export default { name: 'm', setup() { process.exit(0); }, onEvent() {} };",
      'it ended its thread with exit code 0',
    ],
    [
      "export default { name: 'm', setup: () => new Promise(() => {}), onEvent() {} };",
      'its setup took longer than 10s',
    ],
  ];

  for (const [text, reason] of shapes) {
    test(`${text} is refused: ${reason}`, async (t) => {
      await assert.rejects(started(t, text), {
        message: `Invalid event handler 'module:./h.mjs' in 'event_handlers' (-event-handler): ${reason}`,
      });
    });
  }

  test('a file that is not there is named with its whole path', async () => {
    await assert.rejects(
      startHandlers(createHost(), { handler: 'module:./none.mjs', directory: '/nowhere' }),
      { message: /: there is no file \/nowhere\/none\.mjs; a path begins at the configuration file$/ },
    );
  });

  test('a package that is not there is told with the command that installs it', async () => {
    await assert.rejects(
      startHandlers(createHost(), { handler: 'npm:@none/handler/x', directory: '/nowhere' }),
      { message: /: no such package is installed; run "npm install @none\/handler" in \/nowhere$/ },
    );
  });
});

test('a package is found from the folder of its configuration file, by the rules for modules', async (t) => {
  const folder = await folderWith(t, {
    'node_modules/reeve-handler-x/package.json':
      '{"name":"reeve-handler-x","type":"module","exports":{"./sub":{"import":"./lib/sub.js"}}}',
    'node_modules/reeve-handler-x/lib/sub.js': `import { name } from 'its-own';
      export default { name, onEvent() {} };`,
    'node_modules/reeve-handler-x/node_modules/its-own/package.json': '{"type":"module","exports":"./i.js"}',
    'node_modules/reeve-handler-x/node_modules/its-own/i.js': `export const name = 'found';`,
    'conf.d/serf.json': '{}',
  });
  const host = createHost();
  const directory = join(folder, 'conf.d');
  const handlers = await startHandlers(host, { handler: 'npm:reeve-handler-x/sub', directory });
  t.after(() => handlers.close());
  await assert.rejects(startHandlers(host, { handler: 'npm:reeve-handler-x', directory }), {
    message: /: it cannot be found: No "exports" main defined in .*reeve-handler-x\/package\.json/,
  });
});

interface Started {
  readonly handlers: EventHandlers;
  readonly host: Host;
  readonly file: string;
  readonly command: string;
}

async function started(
  t: TestContext,
  text: string,
  settings: Partial<HandlerObject> = {},
  ...scripts: readonly string[]
): Promise<Started> {
  const directory = await folderWith(t, { 'h.mjs': text });
  const command = 'module:./h.mjs';
  const dead = { ...member('beta', '10.0.0.2'), status: 'failed' } as const;
  const host = createHost(() => [host.self(), dead]);
  const handlers = await startHandlers(host, { handler: command, directory, ...settings }, ...scripts);
  t.after(() => handlers.close());
  return { handlers, host, file: join(directory, 'h.mjs'), command };
}

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}
