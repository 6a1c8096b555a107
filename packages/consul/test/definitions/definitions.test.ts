// What services and checks become of what files and requests say of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckType, checkTypeProblem, noCheckType } from '../../dist/definitions/check-type.js';
import {
  checkTypesOf,
  isAnyAddress,
  noServiceDefinition,
  serviceChecksOf,
  serviceOf,
  taggedAddressesProblem,
  weightsProblem,
} from '../../dist/definitions/service-definition.js';

const ttl: CheckType = { ...noCheckType, ttlNs: 1e9 };

test('T0-17: a service without an id takes its name, and an address counts as those of LAN and WAN', () => {
  const service = serviceOf({ ...noServiceDefinition, name: 'web', address: '::1', port: 80 });
  assert.equal(service.id, 'web');
  assert.deepEqual(service.weights, { passing: 1, warning: 1 });
  assert.deepEqual(
    [...(service.taggedAddresses ?? [])],
    [
      ['lan_ipv6', { address: '::1', port: 80 }],
      ['wan_ipv6', { address: '::1', port: 80 }],
    ],
  );
  assert.equal(serviceOf({ ...noServiceDefinition, name: 'web', address: 'a.host' }).taggedAddresses, null);
});

test('T0-17: zeros before numbers of an address mean nothing, and three spellings are any address', () => {
  const families = (address: string) => [
    ...(serviceOf({ ...noServiceDefinition, name: 'web', address }).taggedAddresses?.keys() ?? []),
  ];
  assert.deepEqual(families('10.000.0.01'), ['lan_ipv4', 'wan_ipv4']);
  assert.deepEqual(families('10.0.0.0x1'), []);
  assert.deepEqual(families('10.0.0.0256'), []);
  assert.deepEqual(['0.0.0.0', '::', '[::]', '0::0', '0'].map(isAnyAddress), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('T0-17: checks without an id are numbered over check and checks, unless there is one only', () => {
  const ids = (checks: readonly CheckType[], check = noCheckType) => {
    const definition = { ...noServiceDefinition, name: 'db', check, checks };
    return serviceChecksOf(serviceOf(definition), checkTypesOf(definition), 'n').map(
      ({ checkId }) => checkId,
    );
  };
  assert.deepEqual(ids([ttl]), ['service:db']);
  assert.deepEqual(ids([{ ...ttl, checkId: 'own' }, ttl], ttl), ['service:db:1', 'own', 'service:db:3']);
});

test('T0-17: a check is of one kind and has the times that it needs', () => {
  const problem = (settings: Partial<CheckType>) => checkTypeProblem({ ...noCheckType, ...settings });
  assert.equal(problem({ ttlNs: 1, intervalNs: 1 }), 'Interval and TTL cannot both be specified');
  assert.equal(problem({ http: 'x' }), 'Interval must be > 0 for Script, HTTP, or TCP checks');
  assert.equal(
    problem({ tcp: 'x', aliasNode: 'n', intervalNs: 1 }),
    'Interval cannot be set for Alias checks',
  );
  assert.equal(problem({ aliasService: 's', ttlNs: 1 }), 'TTL must be not be set for Alias checks');
  assert.equal(problem({}), 'TTL must be > 0 for TTL checks');
  assert.equal(problem({ ttlNs: 1, outputMaxSize: -1 }), 'MaxOutputMaxSize must be positive');
  assert.equal(problem({ ttlNs: 1 }), undefined);
});

test('T0-17: weights are 1 to 65535 while passing, and tagged addresses of the family in their name', () => {
  assert.equal(weightsProblem({ passing: 0, warning: 1 }), 'Passing must be greater than 0');
  assert.equal(weightsProblem({ passing: 1, warning: -1 }), 'Warning must be greater or equal than 0');
  assert.equal(weightsProblem({ passing: 65_536, warning: 1 }), 'DNS Weight must be between 0 and 65535');
  assert.equal(weightsProblem({ passing: 1, warning: 0 }), undefined);
  const tagged = (name: string, address: string) => new Map([[name, { address, port: 1 }]]);
  const problem = 'Service tagged address "lan_ipv4" must be a valid ipv4 address';
  assert.equal(taggedAddressesProblem(tagged('lan_ipv4', '::1')), problem);
  assert.equal(taggedAddressesProblem(tagged('lan_ipv6', '::1')), undefined);
});
