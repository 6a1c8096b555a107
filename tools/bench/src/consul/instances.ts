// Services with many instances, as nodes outside the cluster register them: each on a node of its own, with a
// check that passes.

import type { ConsulServer } from './server.ts';

/** Registers a service with so many instances, and returns its name. */
export async function registerInstances(server: ConsulServer, count: number): Promise<string> {
  const name = `web-${count}`;
  for (let number = 1; number <= count; number++) {
    const node = `${name}-node-${number}`;
    const service = { ID: `${name}-${number}`, Service: name, Tags: ['primary', 'v1'], Port: 8_000 + number };
    const check = { Name: 'web answers', CheckID: service.ID, ServiceID: service.ID, Status: 'passing' };
    const registration = { Node: node, Address: `10.0.0.${number}`, Service: service, Check: check };
    await server.put('/v1/catalog/register', JSON.stringify(registration));
  }
  return name;
}
