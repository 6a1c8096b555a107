// T0-34, T0-35: our commands and the original's, one after the other against the same real agent: the same
// output, the same errors, the same exit codes. What differs by nature (ids, times, the order in which nodes
// answer) is taken out on both sides.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  Child,
  ConsulAgent,
  consul187,
  consulMissing,
  eventually,
  type Outcome,
  reeveConsul,
  run,
  scratchFolder,
} from '@reeve/interop';

describe('commands of Consul', { skip: consulMissing() }, () => {
  test('T0-34 T0-35: commands that ask and change say the same', async (t) => {
    const agent = await ConsulAgent.start(t, '-node=dev1');
    await agent.put('/v1/kv/cli/big?flags=18446744073709551615', 'x\ty\nz');
    await agent.hasCoordinateOf('dev1');
    for (const line of askingLines) await sameOnBoth(agent, line.split(' '));
  });

  test('T1-14: services and maintenance', async (t) => {
    const agent = await ConsulAgent.start(t, '-node=dev1');
    const folder = scratchFolder(t);
    const [file, hcl, missing] = ['svc.json', 'svc.hcl', 'nosuch.json'].map((name) => join(folder, name));
    writeFileSync(file ?? '', '{"service":{"name":"web","port":1,"tags":["b","a"],"check":{"ttl":"20m"}}}');
    writeFileSync(hcl ?? '', 'services { name = "h1" port = 1 }\nservices { name = "h2" meta { a = "b" } }');
    const lines = [
      ...[`services register ${file}`, `services register ${hcl}`, `services register ${missing}`],
      ...[
        'services register',
        `services register -name=a ${file}`,
        'services register -name=a -tag=x -port=2',
      ],
      ...['maint', 'maint -enable -reason=why', 'maint', 'maint -enable -service=web', 'maint -disable'],
      ...['maint -disable -service=web', 'maint -enable -service=nosuch', 'catalog services -tags'],
      ...['catalog nodes -service=nosuch', 'members -status=failed', 'watch -type=service -service=web'],
      ...['services deregister -id=a', `services deregister ${hcl}`, 'services deregister -id=nosuch'],
      ...[`validate ${file}`, `validate ${missing}`, 'validate'],
    ];
    for (const line of lines) await sameOnBoth(agent, line.split(' '));
  });

  test('T0-26: exec asks the same of agents, and tells the same of them', async (t) => {
    const agent = await ConsulAgent.start(t, '-node=dev1', '-hcl=disable_remote_exec=false');
    for (const words of [
      ['exec', '-wait=5s', 'echo hi; echo; exit 4'],
      ['exec', '-wait=5s', '-shell=false', 'echo', 'a', 'b'],
      ['exec', '-wait=300ms', '-node=nosuch', 'true'],
    ])
      await sameOnBoth(agent, words, sortedLines);
  });

  test('T0-27: watch: what every type prints, and what a handler gets', async (t) => {
    const agent = await ConsulAgent.start(t, '-node=dev1');
    await agent.put('/v1/kv/w/k', 'v');
    await agent.put('/v1/event/fire/deploy', 'payload');
    const types = ['key -key=w/k', 'key -key=none', 'keyprefix -prefix=w', 'services', 'nodes', 'event'];
    const more = ['service -service=consul', 'service -service=consul -tag=x', 'checks -state=passing'];
    for (const type of [...types, ...more]) await sameOnBoth(agent, ['watch', ...`-type=${type}`.split(' ')]);
    const handler = 'cat; echo "$CONSUL_INDEX" | wc -w; exit 3';
    await sameOnBoth(agent, ['watch', '-type=key', '-key=w/k', handler]);
    await sameOnBoth(agent, ['watch', '-shell=false', '-type=key', '-key=w/k', '/nosuch/program']);
  });

  test('T0-27: a handler is run at every change', async (t) => {
    const agent = await ConsulAgent.start(t);
    const watch = startReeve(t, agent, 'watch', '-type=key', '-key=w/k', 'cat');
    await eventually('the missing key is told', () => assert.match(watch.stdout, /^null\n/));
    for (const value of ['one', 'two']) {
      await agent.put('/v1/kv/w/k', value);
      const told = `"Value":"${Buffer.from(value).toString('base64')}"`;
      await eventually(value, () => assert.ok(watch.stdout.includes(told), watch.stdout));
    }
    watch.signal('SIGINT');
    assert.equal((await watch.ended).exit, 0);
  });

  test('T0-28: lock and semaphore: the same words and exit codes', async (t) => {
    const agent = await ConsulAgent.start(t);
    await agent.put('/v1/kv/lk/other/.lock', '');
    for (const words of [
      ['lock', '-verbose', 'lk/a', 'echo hi; env | grep CONSUL_LOCK; exit 3'],
      ['lock', '-child-exit-code', 'lk/a', 'exit 7'],
      ['lock', '-n=3', '-verbose', 'lk/b', 'echo sem'],
      ['lock', 'lk/other', 'true'],
      ['lock', '-n=2', 'lk/other', 'true'],
      ['lock', '-shell=false', 'lk/a', 'nosuchprogram'],
    ])
      await sameOnBoth(agent, words);
  });

  test('T0-28: whoever holds the lock keeps the other program waiting', async (t) => {
    const agent = await ConsulAgent.start(t);
    for (const [holder, other] of [
      [consul187.path, reeveConsul.path],
      [reeveConsul.path, consul187.path],
    ] as const) {
      const first = start(t, agent, holder, 'lock', 'lk/shared', 'echo held; exec sleep 60');
      await eventually('the first one holds it', () => assert.match(first.stdout, /held/));
      const refused = await run(other, ['lock', '-timeout=500ms', 'lk/shared', 'true'], environment(agent));
      assert.match(refused.stderr, /^Shutdown triggered or timeout during lock acquisition/);
      assert.equal(refused.exit, 1);
      const second = start(t, agent, other, 'lock', 'lk/shared', 'echo mine');
      first.signal('SIGTERM');
      assert.deepEqual(pick(await first.ended), {
        exit: 0,
        stderr: 'Error running handler: signal: terminated\n',
      });
      const { stdout, exit } = await second.ended;
      assert.deepEqual([stdout, exit], ['mine\n', 0]);
    }
  });

  test('T0-28: the command is ended when the lock is lost', async (t) => {
    const agent = await ConsulAgent.start(t);
    const lock = startReeve(t, agent, 'lock', '-verbose', 'lk/lost', 'echo held; exec sleep 60');
    await eventually('it is held', () => assert.match(lock.stdout, /held/));
    const [{ Session }] = (await agent.getJson('/v1/kv/lk/lost/.lock')) as [{ Session: string }];
    await agent.put(`/v1/session/destroy/${Session}`, '');
    const { stdout, stderr } = await lock.ended;
    assert.match(stdout, /Lock lost, killing child\nTerminating child pid \d+\nChild terminated\n/);
    assert.equal(stderr, 'Error running handler: signal: terminated\n');
  });

  test('T2-4: a snapshot that ours saved is restored by the original, and the other way round', async (t) => {
    const agent = await ConsulAgent.start(t);
    const [ours, theirs] = ['ours.snap', 'theirs.snap'].map((name) => join(scratchFolder(t), name));
    const env = environment(agent);
    assert.match(
      (await run(reeveConsul.path, ['snapshot', 'save', ours ?? ''], env)).stdout,
      /^Saved and verified/,
    );
    assert.match((await run(consul187.path, ['snapshot', 'save', theirs ?? ''], env)).stdout, /^Saved/);
    for (const file of [ours, theirs]) {
      await sameOnBoth(agent, ['snapshot', 'inspect', file ?? '']);
      await sameOnBoth(agent, ['snapshot', 'restore', file ?? '']);
    }
  });

  test('T0-34: the log of the real agent can be followed, which the original cannot', async (t) => {
    const agent = await ConsulAgent.start(t);
    const monitor = startReeve(t, agent, 'monitor', '-log-level=debug');
    await eventually('a line came', async () => {
      await agent.get('/v1/agent/self');
      assert.match(monitor.stdout, /\[DEBUG\] agent\.http: Request finished/);
    });
    monitor.signal('SIGINT');
    assert.equal((await monitor.ended).exit, 0);
  });
});

const askingLines = [
  ...['members', 'members -detailed', 'members -wan', 'members -status=failed', 'members -status=['],
  ...['join 127.0.0.99', 'force-leave nosuch', 'reload', 'info -x', 'leave a b', 'nosuchflag -v'],
  ...[
    'kv put a hello',
    'kv get a',
    'kv get -base64 a',
    'kv get -detailed cli/big',
    'kv get nosuch',
    'kv get',
  ],
  ...[
    'kv get -recurse',
    'kv get -recurse -detailed cli',
    'kv get -keys',
    'kv export',
    'kv get -datacenter=no a',
  ],
  ...['kv put -cas a b', 'kv put -cas -modify-index=1 a b', 'kv put -base64 q %%', 'kv put /x y', 'kv put'],
  ...['kv put -flags=x a b', 'kv delete -cas -modify-index=3 a', 'kv delete a', 'kv delete', 'kv import {'],
  ...['kv import [{"key":"imp","flags":18446744073709551615,"value":"aGk="}]', 'kv get -detailed imp'],
  ...['catalog datacenters', 'catalog nodes', 'catalog nodes -detailed', 'catalog nodes -filter=x==1'],
  ...['catalog services', 'catalog services -node=dev1', 'catalog services -node=no', 'catalog nodes x'],
  ...['event -name=x -tag=y', 'event -name=x -node=[', 'operator raft list-peers', 'rtt -wan x y'],
  ...['operator raft remove-peer', 'operator raft remove-peer -id=x', 'operator autopilot get-config'],
  ...['operator autopilot set-config -max-trailing-logs=251', 'operator autopilot get-config'],
  ...['keyring -list', 'keyring -list -use=x', 'keyring -install=x', 'rtt dev1 nosuch'],
  ...['kv get -detailed ready', 'kv put a//b v', 'kv get ../x', 'join unix://x', 'kv import {}'],
  ...['catalog nodes -stale=2', 'operator autopilot set-config -min-quorum=-1 -last-contact-threshold=5'],
  ...['operator autopilot set-config -last-contact-threshold=5', 'snapshot restore .', 'snapshot save .'],
  ...['rtt -wan dev1.dc1 dev1.dc1', 'version', 'version -format=json', 'version -format=x', '--version'],
];

/** Runs a command of each program; what they say and how they end is the same. */
async function sameOnBoth(
  agent: ConsulAgent,
  words: readonly string[],
  comparable: (text: string) => string = (text) => text,
): Promise<void> {
  const [theirs, ours] = [
    await run(consul187.path, words, environment(agent)),
    await run(reeveConsul.path, words, environment(agent)),
  ];
  const shown = ({ exit, stdout, stderr }: Outcome) => ({
    exit,
    stdout: withoutHelp(comparable(stdout)),
    stderr: withoutHelp(stderr),
  });
  assert.deepEqual(shown(ours), shown(theirs), words.join(' '));
}

/** The words of help are ours. */
function withoutHelp(text: string): string {
  return text.replace(/^Usage:.*/ms, 'Usage:');
}

function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n');
}

function environment(agent: ConsulAgent): Record<string, string> {
  return { CONSUL_HTTP_ADDR: agent.http };
}

function start(t: TestContext, agent: ConsulAgent, program: string, ...words: string[]): Child {
  const child = new Child(program, words, environment(agent));
  t.after(() => child.signal('SIGKILL'));
  return child;
}

function startReeve(t: TestContext, agent: ConsulAgent, ...words: string[]): Child {
  return start(t, agent, reeveConsul.path, ...words);
}

function pick({ exit, stderr }: Outcome) {
  return { exit, stderr };
}
