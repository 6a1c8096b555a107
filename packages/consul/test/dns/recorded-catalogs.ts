// The catalogs that answered when the captures of DNS were recorded, as far as the captures show them.

import type { AskHttp } from '../kit/ask-http.ts';

/** That of the dev agent `dev1`. */
export async function registerDev(ask: AskHttp): Promise<void> {
  const dev = { Node: 'dev1', Address: '127.0.0.1', NodeMeta: { 'consul-network-segment': '' } };
  await register(ask, {
    ...dev,
    Service: {
      ID: 'web',
      Service: 'web',
      Tags: ['primary'],
      Address: '127.0.0.50',
      Port: 8080,
      Weights: weights(10),
    },
  });
  await register(ask, { ...dev, Service: { Service: 'redis', Tags: ['01.web'], Port: 6379 } });
  await register(ask, { ...dev, Service: { Service: 'consul', Port: 8300 } });
  await register(ask, {
    Node: 'six',
    Address: 'fd00::6',
    NodeMeta: { env: 'prod', 'rfc1035-note': 'raw text', 'a=b': 'c' },
    Service: { Service: 'v6svc', Port: 66 },
  });
  await register(ask, {
    Node: 'exthost',
    Address: 'www.example.invalid',
    Service: { Service: 'ext-web', Port: 80 },
  });
  await register(ask, {
    Node: 'CamelNode',
    Address: '127.0.9.1',
    Service: { Service: 'CamelSvc', Tags: ['MixedTag'], Port: 1 },
  });
  await register(ask, { Node: 'dotted.node.name', Address: '127.0.5.1' });
  await register(ask, {
    Node: 'dupip',
    Address: '127.0.6.1',
    Service: { ID: 'dup1', Service: 'dup', Port: 1 },
  });
  await register(ask, {
    Node: 'dupip',
    Address: '127.0.6.1',
    Service: { ID: 'dup2', Service: 'dup', Port: 2 },
  });
  await register(ask, {
    Node: 'svchost',
    Address: '127.0.7.1',
    Service: { Service: 'svchost', Address: 'web.service.consul', Port: 81 },
  });
  await registerHealth(ask);
  await register(ask, {
    Node: 'downnode',
    Address: '127.0.8.1',
    Service: { Service: 'down', Port: 1 },
    Check: { CheckID: 'c', Name: 'c', Status: 'critical' },
  });
  await registerMany(ask, 'many', 'm', 12, '127.0.1', 2);
  await registerMany(ask, 'lots', 'l', 60, '127.0.2', 2);
}

/** That of the agent with DNS options. */
export async function registerOptions(ask: AskHttp): Promise<void> {
  await register(ask, { Node: 'dnsx', Address: '127.0.0.2', Service: { Service: 'consul', Port: 8300 } });
  await register(ask, { Node: 'n1', Address: '127.0.5.1', Service: { Service: 'web', Port: 80 } });
  await register(ask, { Node: 'n2', Address: '127.0.5.2', Service: { Service: 'other', Port: 80 } });
  await register(ask, {
    Node: 'exthost',
    Address: 'www.example.invalid',
    Service: { Service: 'ext-web', Port: 80 },
  });
  await registerHealth(ask);
  await registerMany(ask, 'many', 'm', 12, '127.0.1', 2);
  await registerMany(ask, 'lots', 'l', 100, '127.0.2', 3);
}

/** That of the agent with another domain, whose name is no host name. */
export async function registerCustomDomain(ask: AskHttp): Promise<void> {
  await register(ask, { Node: 'dns_2', Address: '127.0.0.63', Service: { Service: 'consul', Port: 8300 } });
  await registerMany(ask, 'many', 'm', 12, '127.0.1', 2);
}

/** Three instances in three statuses. */
async function registerHealth(ask: AskHttp): Promise<void> {
  const statuses = { crit1: 'critical', warn1: 'warning', pass1: 'passing' };
  for (const [i, [node, status]] of Object.entries(statuses).entries()) {
    await register(ask, {
      Node: node,
      Address: `127.0.4.${i + 1}`,
      Service: { ID: 'health', Service: 'health', Port: i + 1, Weights: { Passing: 7, Warning: 3 } },
      Check: { CheckID: 'service:health', Name: 'health', Status: status, ServiceID: 'health' },
    });
  }
}

/** `m01` to `m12`, with ports 9001 to 9012. */
async function registerMany(
  ask: AskHttp,
  service: string,
  prefix: string,
  count: number,
  network: string,
  digits: number,
): Promise<void> {
  for (let i = 1; i <= count; i++) {
    const node = prefix + String(i).padStart(digits, '0');
    await register(ask, {
      Node: node,
      Address: `${network}.${i}`,
      Service: { Service: service, Port: 9000 + i },
    });
  }
}

/** Registers what a body of `/v1/catalog/register` says. */
export async function register(ask: AskHttp, body: object): Promise<void> {
  const { status, text } = await ask('PUT /v1/catalog/register', JSON.stringify(body));
  if (status !== 200) throw new Error(text);
}

function weights(passing: number): object {
  return { Passing: passing, Warning: 1 };
}
