// T0-34: the original's command line against our agent: every command says and does what it says and does
// against the original's agent, and ends with the same exit code.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import {
  Child,
  ConsulAgent,
  ConsulCluster,
  consul187,
  consulMissing,
  eventually,
  type Program,
  reeveConsul,
  scratchFolder,
} from '@reeve/interop';

describe("the original's command line", { skip: consulMissing() }, () => {
  test('T0-34: what it asks and changes is the same with our agent', async (t) => {
    const agents = await startBoth(t);
    await Promise.all(agents.map((agent) => agent.hasCoordinateOf('n1')));
    for (const line of lines) await sameWithBoth(agents, line.split(' '));
  });

  test('T0-34: services, maintenance and snapshots are the same with our agent', async (t) => {
    const agents = await startBoth(t);
    const folder = scratchFolder(t);
    const file = join(folder, 'svc.json');
    // Both save at the same time, each a file of its own.
    const [saved, snapshot] = [itsAddress, agents[0].address].map((name) => join(folder, `${name}.snap`));
    writeFileSync(file, '{"service":{"name":"web","port":1,"tags":["b","a"],"check":{"ttl":"20m"}}}');
    // Who is in maintenance comes out of a map of Go's, in any order.
    for (const line of [
      ...[`services register ${file}`, 'services register -name=a -tag=x -port=2', 'catalog services -tags'],
      ...['maint', 'maint -enable -reason=why', 'maint -enable -service=web', 'maint', 'maint -disable'],
      ...['maint -disable -service=web', 'maint -enable -service=nosuch', 'services deregister -id=a'],
      ...['catalog nodes -service=web', `services deregister ${file}`, 'catalog services'],
      ...[`validate ${folder}`, `snapshot save ${saved}`, `snapshot inspect ${snapshot}`],
      ...[`snapshot restore ${snapshot}`, 'info', 'keygen'],
    ])
      await sameWithBoth(agents, line.split(' '), line === 'maint' ? sortedBlocks : undefined);
  });

  test('T0-34: T0-26: exec runs on our agent where it is allowed, and nowhere else', async (t) => {
    const agents = await startBoth(t, '-hcl=disable_remote_exec=false');
    const words = ['exec', '-wait=5s', 'echo one; echo; echo two; exit 4'];
    await sameWithBoth(agents, words, (text) => text.split('\n').sort().join('\n'));
    const closed = await startBoth(t);
    await sameWithBoth(closed, ['exec', '-wait=300ms', 'true']);
  });

  test('T0-34: T0-28: locks and semaphores on our agent', async (t) => {
    const agents = await startBoth(t);
    await sameWithBoth(agents, ['lock', '-verbose', 'lk/a', 'echo hi; exit 3']);
    await sameWithBoth(agents, ['lock', '-child-exit-code', 'lk/a', 'exit 7']);
    await sameWithBoth(agents, ['lock', '-n=3', '-verbose', 'lk/b', 'echo sem']);
  });

  test('T0-28: kill -9 of a holder: the other program has the lock after session and delay', async (t) => {
    const agent = await ConsulAgent.startOf(reeveConsul, t);
    const take = (program: Program, key: string, command: string): Child => {
      const child = new Child(program.path, ['lock', key, command], { CONSUL_HTTP_ADDR: agent.http });
      t.after(() => child.signal('SIGKILL'));
      return child;
    };
    const pairs = [
      [consul187, reeveConsul],
      [reeveConsul, consul187],
    ] as const;
    await Promise.all(
      pairs.map(async ([holding, waiting], at) => {
        // It holds the lock until it is killed; what it runs is orphaned then, and ends before we do.
        const holder = take(holding, `lk/${at}`, 'echo held; exec sleep 20');
        await eventually('it is held', () => assert.match(holder.stdout, /held/));
        holder.signal('SIGKILL');
        const killedMs = performance.now();
        const { stdout, exit } = await take(waiting, `lk/${at}`, 'echo mine').ended;
        assert.deepEqual([stdout, exit], ['mine\n', 0]);
        const waitedMs = performance.now() - killedMs;
        assert.ok(waitedMs > 25_000, `a session of 15 s and a delay of 15 s were over in ${waitedMs} ms`);
      }),
    );
  });

  test('T0-34: T0-27: watches of our agent, once and at every change', async (t) => {
    const agents = await startBoth(t);
    for (const agent of agents) {
      await agent.put('/v1/kv/w/k', 'v');
      await agent.put('/v1/event/fire/deploy', 'payload');
    }
    for (const type of ['key -key=w/k', 'key -key=none', 'keyprefix -prefix=w', 'services', 'event'])
      await sameWithBoth(agents, ['watch', ...`-type=${type}`.split(' ')]);
    for (const type of ['nodes', 'service -service=consul', 'checks -state=passing'])
      await sameWithBoth(agents, ['watch', ...`-type=${type}`.split(' ')]);
    const [, ours] = agents;
    const watch = start(t, ours, 'watch', '-type=key', '-key=w/k', 'cat');
    for (const value of ['one', 'two']) {
      await ours.put('/v1/kv/w/k', value);
      const told = `"Value":"${Buffer.from(value).toString('base64')}"`;
      await eventually(value, () => assert.ok(watch.stdout.includes(told), watch.stdout));
    }
  });

  test('T0-34: it monitors our agent, which it cannot do with the original', async (t) => {
    const agent = await ConsulAgent.startOf(reeveConsul, t);
    const monitor = start(t, agent, 'monitor', '-log-level=info');
    await eventually('a line came', async () => {
      await agent.put('/v1/agent/service/register', '{"Name":"web"}');
      await agent.put('/v1/agent/service/deregister/web', '');
      assert.match(monitor.stdout, /\[INFO\] {2}agent: Synced service: service=web\n/);
    });
    monitor.signal('SIGINT');
    assert.equal((await monitor.ended).exit, 0);
  });

  test('T0-34: T0-29: it forces a dead server of ours to leave, and has another one leave', async (t) => {
    // Otherwise autopilot has the dead one leave, a moment after that is noticed.
    const stays = '-hcl=autopilot { cleanup_dead_servers = false }';
    const cluster = await ConsulCluster.start(t, [reeveConsul, reeveConsul, reeveConsul], stays);
    await cluster.leader();
    const first = cluster.server('s1');
    const { stdout: joined, exit: joinExit } = await first.command('join', cluster.server('s2').address);
    assert.deepEqual([joined, joinExit], ['Successfully joined cluster by contacting 1 nodes.\n', 0]);
    const shows = (statuses: Record<string, string>): Promise<void> =>
      eventually(JSON.stringify(statuses), async () => {
        const { stdout } = await first.command('members');
        const rows = stdout.trimEnd().split('\n').slice(1);
        const shown = rows.map((row) => row.split(/\s+/)).map(([name = '', , status]) => [name, status]);
        assert.deepEqual(Object.fromEntries(shown), statuses);
      });
    await shows({ s1: 'alive', s2: 'alive', s3: 'alive' });
    await cluster.kill('s2');
    await shows({ s1: 'alive', s2: 'failed', s3: 'alive' });
    assert.equal((await first.command('force-leave', 's2')).exit, 0);
    await shows({ s1: 'alive', s2: 'left', s3: 'alive' });
    assert.equal((await first.command('force-leave', '-prune', 's2')).exit, 0);
    await shows({ s1: 'alive', s3: 'alive' });
    const { stdout, exit } = await cluster.server('s3').command('leave');
    assert.deepEqual([stdout, exit], ['Graceful leave complete\n', 0]);
    assert.equal(await cluster.ended('s3'), 0);
    await shows({ s1: 'alive', s3: 'left' });
  });
});

const lines = [
  ...['members', 'members -detailed', 'members -wan', 'members -status=failed', 'members -status=['],
  ...['join 127.0.0.99', 'force-leave nosuch', 'reload', 'info -x', 'leave a b'],
  ...['kv put a hello', 'kv get a', 'kv get -base64 a', 'kv get -detailed a', 'kv get nosuch', 'kv get'],
  ...['kv put -flags=18446744073709551615 f x', 'kv get -detailed f', 'kv get -recurse', 'kv get -keys'],
  ...['kv get -recurse -detailed a', 'kv export', 'kv get -datacenter=no a', 'kv put -cas a b'],
  ...[
    'kv put -cas -modify-index=1 a b',
    'kv put -base64 q %%',
    'kv put /x y',
    'kv put',
    'kv put -flags=x a b',
  ],
  ...['kv put -acquire a b', 'kv put -release -session=nosuch a b', 'kv put -acquire -session=nosuch a b'],
  ...['kv delete -cas -modify-index=3 a', 'kv delete a', 'kv delete -recurse f', 'kv delete', 'kv import {'],
  ...['kv import [{"key":"imp","flags":7,"value":"aGk="}]', 'kv get -detailed imp', 'kv get -stale imp'],
  ...['catalog datacenters', 'catalog nodes', 'catalog nodes -detailed', 'catalog nodes -filter=x==1'],
  ...[
    'catalog nodes -near=_agent',
    'catalog services',
    'catalog services -node=n1',
    'catalog services -node=no',
  ],
  ...['event -name=x payload', 'event -name=x -tag=y', 'event -name=x -node=[', 'event'],
  ...['operator raft list-peers', 'operator raft remove-peer', 'operator raft remove-peer -id=x'],
  ...['operator autopilot get-config', 'operator autopilot set-config -max-trailing-logs=251'],
  ...['operator autopilot get-config', 'rtt n1 nosuch', 'rtt n1', 'version', 'monitor -log-level=bogus'],
];

function sortedBlocks(text: string): string {
  return text.split('\n\n').sort().join('\n\n');
}

type Both = readonly [real: ConsulAgent, ours: ConsulAgent];

function startBoth(t: TestContext, ...args: readonly string[]): Promise<Both> {
  const flags = ['-node=n1', `-node-id=${nodeId}`, '-serf-wan-port=-1', ...args];
  return Promise.all([ConsulAgent.start(t, ...flags), ConsulAgent.startOf(reeveConsul, t, ...flags)]);
}

/** In a command: the address of the agent that is asked. */
const itsAddress = '<address>';

/** Runs a command with each agent; what it says and how it ends is the same. */
async function sameWithBoth(
  agents: Both,
  words: readonly string[],
  comparable: (text: string) => string = (text) => text,
): Promise<void> {
  const [theirs, ours] = await Promise.all(
    agents.map(async (agent) => {
      const own = words.map((word) => word.replace(itsAddress, agent.address));
      const { exit, stdout, stderr } = await agent.command(...own);
      const [out, err] = [stdout, stderr].map((text) => comparable(steady(text, agent)));
      return { exit, out, err };
    }),
  );
  assert.deepEqual(ours, theirs, words.join(' '));
}

/** What differs from agent to agent taken out. */
function steady(text: string, { address }: ConsulAgent): string {
  return volatile.reduce(
    (rest, [pattern, word]) => rest.replace(pattern, word),
    text.replaceAll(address, 'IP'),
  );
}

const volatile: readonly (readonly [RegExp, string])[] = [
  [/ {2,}/g, '  '],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/((?:Create|Modify)(?:Index +|Index": ?)|to index |Index +)\d+/g, '$1N'],
  [/("LTime": )\d+/g, '$1N'],
  [/(pid|Size|ID +|Version) \S+/g, '$1 N'],
  [
    /((?:applied|commit|last_log|last_snapshot|fsm_pending)\w*|goroutines|version|term|last_log_term) = .*/g,
    '$1 = N',
  ],
  [/(latest_configuration\w*|last_contact|\w+_time|\w+_queue|health_score) = .*/g, '$1 = N'],
  [/(arch|cpu_count|max_procs|os) = .*/g, '$1 = N'],
  [/rtt: \d+\.\d{3} ms/, 'rtt: N ms'],
  [/^[A-Za-z0-9+/]{43}=\n$/, 'KEY\n'],
];

function start(t: TestContext, agent: ConsulAgent, ...words: string[]): Child {
  const child = new Child(consul187.path, words, { CONSUL_HTTP_ADDR: agent.http });
  t.after(() => child.signal('SIGKILL'));
  return child;
}

const nodeId = '15c7f7e3-b62c-5a13-49ec-74838cb0d952';
