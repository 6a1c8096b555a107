// Little that is said once and is in many answers: a node's checks are in the health of each of its services.

import { stream } from '../../hostile-class.ts';
import { type ConsulClass, type ConsulInput, pause } from '../consul-class.ts';
import { httpRequest } from '../wire/http.ts';

/** Some megabytes of registrations, gigabytes of answers; they are not read either. */
export const multipliedAnswers: ConsulClass = {
  name: 'multiplied-answers',
  title: 'a node with thousands of checks and hundreds of services, and the health of each',
  *inputs({ isBrief }) {
    const services = isBrief ? 40 : 400;
    const checks = [0, 1, 2, 3, 4].map((batch) => registration({ Checks: manyChecks(batch) }));
    const instances = Array.from({ length: services }, (_, at) =>
      registration({ Service: { Service: `s${at}` } }),
    );
    yield stream('http', [...checks, ...instances]); // one behind the other: what they answer is short
    yield pause(15_000); // until all of them are there
    for (let at = 0; at < services; at++) yield ask(`/v1/health/service/s${at}?pretty`);
    for (let at = 0; at < services; at++) yield ask(`/v1/health/service/s${at}?cached`);
    yield pause(1_000);
    yield stream('http', [httpRequest('PUT', '/v1/catalog/deregister', '{"Node":"many"}')]);
    yield pause(500);
  },
};

function manyChecks(batch: number) {
  return Array.from({ length: 4_000 }, (_, at) => ({ Name: 'a', CheckID: `${batch}-${at}` }));
}

function registration(more: object): Buffer {
  const body = JSON.stringify({ Node: 'many', Address: '10.0.0.1', ...more });
  return httpRequest('PUT', '/v1/catalog/register', body);
}

function ask(target: string): ConsulInput {
  return stream('http', [httpRequest('GET', target)]);
}
