// Clusters of three servers as processes, of ours alone and mixed with the original's: how they find a
// leader, what survives kill -9, what goes on without a quorum, and who comes and goes.

import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { describe, test } from 'node:test';
import {
  type ConsulAgent,
  ConsulCluster,
  consul187,
  consulMissing,
  eventually,
  type Program,
  reeveConsul,
} from '@reeve/interop';

const clusters: Record<string, readonly Program[]> = {
  'three of ours': [reeveConsul, reeveConsul, reeveConsul],
  'one of the original and two of ours': [consul187, reeveConsul, reeveConsul],
};

for (const [title, programs] of Object.entries(clusters)) {
  describe(`Consul servers, ${title}`, { skip: consulMissing() }, () => {
    test('T0-1: T0-4: they say that they run, elect one leader, and agree on it and the peers', async (t) => {
      const cluster = await ConsulCluster.start(t, programs);
      const leader = cluster.server(await cluster.leader());
      const addresses = [...cluster.running.values()].map(({ address }) => `${address}:8300`).sort();
      for (const [name, server] of cluster.running) {
        await eventually(`${name} runs`, () => assert.match(server.child.stdout, running));
        assert.match(server.child.stdout, bannerOf(name, server));
        await eventually(`${name} has the peers`, async () => {
          const peers = (await server.getJson('/v1/status/peers')) as string[];
          assert.deepEqual(peers.sort(), addresses);
        });
        assert.equal(await server.getJson('/v1/status/leader'), `${leader.address}:8300`);
      }
      await eventually('all of them are in the catalog', async () =>
        assert.equal(((await leader.getJson('/v1/catalog/service/consul')) as object[]).length, 3),
      );
    });

    test('T0-5: T0-16: kill -9 of the leader: no write is lost, and its lock is free', async (t) => {
      const cluster = await ConsulCluster.start(t, programs);
      const leader = await cluster.leader();
      await eventually('its node may have sessions', () => lockOn(cluster.server(leader), 'of-the-leader'));
      const others = [...cluster.running.keys()].filter((name) => name !== leader);
      const writer = new Writer(cluster.server(others[0] ?? ''));
      await eventually('writes are taken', () => assert.ok(writer.taken.length >= 20));
      await cluster.kill(leader);
      const before = writer.taken.length;
      await eventually('two of three take writes', () => assert.ok(writer.taken.length >= before + 20));
      await writer.stop();
      const next = cluster.server(await cluster.leader());
      const kept = new Set((await next.getJson('/v1/kv/w/?keys&consistent')) as string[]);
      assert.deepEqual(
        writer.taken.filter((key) => !kept.has(key)),
        [],
      );
      await eventually('the lock is free', async () =>
        assert.equal(await lockOn(next, 'of-the-leader'), 'true'),
      );
    });

    test('T0-6: without a quorum writes fail after 7 s, stale reads, DNS and the agent go on', async (t) => {
      const cluster = await ConsulCluster.start(t, programs);
      await cluster.leader();
      const last = cluster.server('s3');
      await last.put('/v1/kv/kept', 'value');
      const service = { Name: 'web', Port: 80, Address: '10.0.0.1' };
      await last.put('/v1/agent/service/register', JSON.stringify(service));
      await eventually('the last server has heard of it', async () =>
        assert.equal(((await last.getJson('/v1/catalog/service/web?stale')) as object[]).length, 1),
      );
      await Promise.all([cluster.kill('s1'), cluster.kill('s2')]);
      await eventually('nobody leads', async () => assert.equal(await last.getJson('/v1/status/leader'), ''));
      const sinceMs = performance.now();
      const write = await last.request('PUT', '/v1/kv/lost', 'value');
      assert.deepEqual([write.status, `${Buffer.from(write.body)}`], [500, 'No cluster leader']);
      const tookMs = performance.now() - sinceMs;
      assert.ok(tookMs > 6_500, `${tookMs} ms`);
      assert.equal((await last.request('GET', '/v1/kv/kept')).status, 500);
      assert.equal(`${Buffer.from(await last.get('/v1/kv/kept?raw&stale'))}`, 'value');
      assert.deepEqual(await resolverOf(last).resolve4('web.service.consul'), ['10.0.0.1']);
      await last.put('/v1/agent/service/register', '{"Name":"later"}');
      assert.ok('later' in ((await last.getJson('/v1/agent/services')) as object));
      cluster.run('s1', programs[0] ?? reeveConsul);
      await cluster.leader();
      await eventually('what was registered meanwhile is told', async () =>
        assert.equal(((await last.getJson('/v1/catalog/service/later')) as object[]).length, 1),
      );
    });

    test('T0-21: a failed node’s services go from DNS and passing answers, and stay listed', async (t) => {
      const cluster = await ConsulCluster.start(t, programs, stays);
      const leader = await cluster.leader();
      const victim = [...cluster.running.keys()].find((name) => name !== leader) ?? '';
      const asked = cluster.server(leader);
      for (const name of [leader, victim]) {
        await cluster.server(name).put('/v1/agent/service/register', '{"Name": "web", "Port": 80}');
      }
      const passing = (...names: readonly string[]) =>
        eventually(`${names} have a web that passes`, async () => {
          const found = await asked.getJson('/v1/health/service/web?passing');
          const nodes = (found as { Node: { Node: string } }[]).map(({ Node }) => Node.Node);
          assert.deepEqual(nodes.sort(), names.toSorted());
        });
      await passing(leader, victim);
      const dns = new Resolver();
      dns.setServers([`${asked.address}:8600`]);
      const { address } = cluster.server(victim);
      await cluster.kill(victim);
      await passing(leader);
      assert.deepEqual(await dns.resolve4('web.service.consul'), [asked.address]);
      assert.deepEqual(await dns.resolve4(`${victim}.node.consul`), [address]);
      const listed = (await asked.getJson('/v1/catalog/service/web')) as { Node: string }[];
      assert.deepEqual(
        listed.map(({ Node }) => Node),
        [leader, victim].sort(),
      );
      const [check] = (await asked.getJson(`/v1/health/node/${victim}`)) as Record<string, string>[];
      const { CheckID, Name, Status, Output } = check ?? {};
      assert.deepEqual(
        [CheckID, Name, Status, Output],
        ['serfHealth', 'Serf Health Status', 'critical', 'Agent not live or unreachable'],
      );
      cluster.run(victim, programs[Number(victim.slice(1)) - 1] ?? reeveConsul, stays);
      await passing(leader, victim);
    });

    test('T0-29: servers leave, the leader too, come back, and vote again some time later', async (t) => {
      const cluster = await ConsulCluster.start(t, programs);
      const leader = await cluster.leader();
      await eventually('all vote', async () => assert.deepEqual(await cluster.peers(), ['s1', 's2', 's3']));
      await cluster.server(leader).put('/v1/agent/leave', '');
      assert.equal(await cluster.ended(leader), 0);
      const others = ['s1', 's2', 's3'].filter((name) => name !== leader);
      await eventually('it is no peer', async () => assert.deepEqual(await cluster.peers(), others));
      const next = cluster.server(await cluster.leader());
      await eventually('it is not in the catalog', async () =>
        assert.equal(((await next.getJson('/v1/catalog/nodes')) as object[]).length, 2),
      );
      cluster.run(leader, programs[Number(leader.slice(1)) - 1] ?? reeveConsul, '-rejoin');
      const withGuest = [`(${leader})`, ...others].sort();
      await eventually('it is back without a vote', async () =>
        assert.deepEqual(await cluster.peers(), withGuest),
      );
      await eventually('it votes', async () => assert.deepEqual(await cluster.peers(), ['s1', 's2', 's3']));
    });

    test('T0-29: a dead server that is forced to leave is gone from raft and catalog', async (t) => {
      const cluster = await ConsulCluster.start(t, programs, stays);
      const leader = await cluster.leader();
      const [other = '', dead = ''] = ['s3', 's2', 's1'].filter((name) => name !== leader);
      await cluster.kill(dead);
      const asked = cluster.server(other);
      await eventually('it has failed', async () => {
        const members = (await asked.getJson('/v1/agent/members')) as { Name: string; Status: number }[];
        assert.equal(members.find(({ Name }) => Name === dead)?.Status, 4);
      });
      await asked.put(`/v1/agent/force-leave/${dead}`, '');
      const left = [leader, other].sort();
      await eventually('it is no peer', async () => assert.deepEqual(await cluster.peers(), left));
      await eventually('it is not in the catalog', async () => {
        const nodes = (await asked.getJson('/v1/catalog/nodes')) as { Node: string }[];
        assert.deepEqual(nodes.map(({ Node }) => Node).sort(), left);
      });
    });
  });
}

describe('Consul servers, the original’s replaced by ours', { skip: consulMissing() }, () => {
  test('T0-29: one by one, at the same addresses, and nothing of what they knew is lost', async (t) => {
    const short = '-hcl=raft_snapshot_threshold = 64 raft_snapshot_interval = "1s" raft_trailing_logs = 16';
    const cluster = await ConsulCluster.start(t, [consul187, consul187, consul187], short);
    const first = cluster.server(await cluster.leader());
    const kept = new Map<string, string>();
    const write = async (server: ConsulAgent, key: string): Promise<void> => {
      await server.put(`/v1/kv/${key}`, `value of ${key}`);
      kept.set(key, `value of ${key}`);
    };
    for (let number = 0; number < 200; number++) await write(first, `k/${number}`);
    const service = { Service: 'db', Port: 5432 };
    await first.put(
      '/v1/catalog/register',
      JSON.stringify({ Node: 'ext', Address: '10.9.9.9', Service: service }),
    );
    const session = '{"Node":"ext","LockDelay":"0s","NodeChecks":[]}';
    const { ID } = JSON.parse(await first.put('/v1/session/create', session)) as { ID: string };
    assert.equal((await first.put(`/v1/kv/lock?acquire=${ID}`, 'mine')).trim(), 'true');
    for (const [gone, name] of [
      ['s1', 'o1'],
      ['s2', 'o2'],
      ['s3', 'o3'],
    ] as const) {
      await cluster.server(gone).put('/v1/agent/leave', '');
      assert.equal(await cluster.ended(gone), 0);
      const other = cluster.server(await cluster.leader());
      await eventually('writes are taken', () => write(other, `without/${gone}`));
      const ours = cluster.replace(gone, name, reeveConsul, '-bootstrap-expect=3', short);
      await eventually(`${name} votes`, async () => assert.ok((await cluster.peers()).includes(name)));
      await eventually(`${name} knows everything`, async () =>
        assert.equal(
          `${Buffer.from(await ours.get(`/v1/kv/without/${gone}?raw&stale`))}`,
          kept.get(`without/${gone}`),
        ),
      );
    }
    await eventually('those who left are no peers', async () =>
      assert.deepEqual(await cluster.peers(), ['o1', 'o2', 'o3']),
    );
    const last = cluster.server('o3');
    const keys = (await last.getJson('/v1/kv/?recurse')) as {
      Key: string;
      Value: string;
      Session?: string;
    }[];
    const found = new Map(keys.map(({ Key, Value }) => [Key, `${Buffer.from(Value, 'base64')}`]));
    assert.equal(keys.find(({ Key }) => Key === 'lock')?.Session, ID);
    found.delete('lock');
    assert.deepEqual([...found].sort(), [...kept].sort());
    assert.equal(((await last.getJson('/v1/health/service/db?passing')) as object[]).length, 1);
  });
});

/** Writes one key after the other through a server, and remembers those that were taken. */
class Writer {
  readonly taken: string[] = [];
  readonly #done: Promise<void>;
  #isStopped = false;

  constructor(server: ConsulAgent) {
    this.#done = this.#write(server);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #write(server: ConsulAgent): Promise<void> {
    for (let number = 1; !this.#isStopped; number++) {
      const key = `w/${number}`;
      const { status } = await server.request('PUT', `/v1/kv/${key}`, `${number}`);
      if (status === 200) this.taken.push(key);
    }
  }
}

/** Takes a lock for a session of the server's own node: `true` or `false`. */
async function lockOn(server: ConsulAgent, key: string): Promise<string> {
  const { ID } = JSON.parse(await server.put('/v1/session/create', '{"LockDelay":"0s"}')) as { ID: string };
  return (await server.put(`/v1/kv/${key}?acquire=${ID}`, server.address)).trim();
}

function resolverOf({ address }: ConsulAgent): Resolver {
  const resolver = new Resolver({ timeout: 5_000, tries: 1 });
  resolver.setServers([`${address}:8600`]);
  return resolver;
}

/** Otherwise autopilot has a dead server leave, a moment after that is noticed. */
const stays = '-hcl=autopilot { cleanup_dead_servers = false }';

const running = /^==> Consul agent running!$/m;

function bannerOf(name: string, { address }: ConsulAgent): RegExp {
  const lines = [
    '^==> Starting Consul agent\\.\\.\\.',
    " {11}Version: '1\\.8\\.7'",
    " {11}Node ID: '[0-9a-f-]{36}'",
    ` {9}Node name: '${name}'`,
    " {8}Datacenter: 'dc1' \\(Segment: '<all>'\\)",
    ' {12}Server: true \\(Bootstrap: false\\)',
    ` {7}Client Addr: \\[${address}\\] \\(HTTP: 8500, HTTPS: -1, gRPC: -1, DNS: 8600\\)`,
    ` {6}Cluster Addr: ${address} \\(LAN: 8301, WAN: -1\\)`,
    ' {11}Encrypt: Gossip: false, TLS-Outgoing: false, TLS-Incoming: false, Auto-Encrypt-TLS: false',
    '',
    '==> Log data will now stream in as it occurs:\n',
  ];
  return new RegExp(lines.join('\n'), 'm');
}
