// T1-2: filters. What the complaints say was measured on the real program, which answers the same expressions
// in tools/interop (consul-filter).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRe2 } from '@reeve/serf/re2';
import {
  compileFilter,
  type InstanceHealth,
  instanceHealthShape,
  instanceShape,
  nodeCodec,
} from '../../dist/core/index.js';
import { check, service } from '../kit/state-rig.js';

const instance: InstanceHealth = {
  node: {
    ...nodeCodec.zero(),
    name: 'db-1',
    address: '10.0.0.7',
    taggedAddresses: null,
    meta: new Map([['rack', 'r7']]),
  },
  service: service('mysql', {
    tags: ['master', 'v2'],
    taggedAddresses: new Map([['lan', { address: '10.0.0.7', port: 3306 }]]),
    meta: new Map([['a-b', 'x']]),
    port: 3306,
    weights: null,
  }),
  checks: [check({ checkId: 'mem' }), check({ checkId: 'alive', status: 'critical' })],
};

const verdicts: readonly (readonly [expression: string, isWanted: boolean])[] = [
  ['Node.Node == "db-1"', true],
  ['Node.Node == `db-1`', true],
  ['Node.Meta.rack==r7', true],
  ['Service.Meta["a-b"] != x', false],
  ['Service.Port == "0xCEA" and Service.Weights.Passing == 1', true],
  ['Service.EnableTagOverride == F', true],
  ['master in Service.Tags', true],
  ['slave not in Service.Tags', true],
  ['Service.Tags contains v2 and not (Service.Tags contains v3)', true],
  ['sql in Service.Service', true],
  ['rack in Node.Meta and "rack" in Node.Meta', true],
  ['Service.TaggedAddresses.lan.Port == 3306', true],
  ['Node.TaggedAddresses is empty', true],
  ['Service.Tags is not empty', true],
  ['Node.Address matches "^10\\\\.(0\\\\.)+7$"', true],
  ['Node.Address not matches `[a-z]`', true],
  // Of a list one element is enough, so both of these hold.
  ['Checks.Status == critical', true],
  ['Checks.Status != critical', true],
  ['not Checks.Status == critical', false],
  ['Checks.ServiceTags is empty', true],
  // What a map does not have is not equal, not in, empty; and matches whatever is asked.
  ['Service.Meta.none == x', false],
  ['Service.Meta.none != x', true],
  ['Service.Meta.none matches x', true],
  ['Service.Proxy.DestinationServiceName == "" and Service.Connect.Native == false', true],
  ['Service.Proxy.Upstreams is empty', true],
  // `and` binds closer than `or`.
  ['Node.Node == "db-1" or Node.Node == a and Node.Node == b', true],
  ['(Node.Node == "db-1" or Node.Node == a) and Node.Node == b', false],
  [' not not\t(Node.Node == a or Service.Port == 3306) ', true],
];

for (const [expression, isWanted] of verdicts) {
  test(`T1-2: ${expression.trim()} is ${isWanted}`, () => {
    assert.equal(compileFilter(expression, instanceHealthShape, compileRe2)(instance), isWanted);
  });
}

const complaints: Record<string, string> = {
  'Bogus == 1': 'Selector "Bogus" is not valid',
  'Node == a': 'Invalid match operator "Equal" for selector "Node"',
  'Service.Port is empty': 'Invalid match operator "Is Empty" for selector "Service.Port"',
  'Service.Tags.x == 1': 'Selector "Service.Tags.x" is not valid',
  'Service.CreateIndex == 1': 'Selector "Service.CreateIndex" is not valid',
  'Service.Port == web':
    'Failed to coerce value "web" for selector "Service.Port": ' +
    'strconv.ParseInt: parsing "web": invalid syntax',
  'Service.Port == 99999999999999999999':
    'Failed to coerce value "99999999999999999999" for selector "Service.Port": ' +
    'strconv.ParseInt: parsing "99999999999999999999": value out of range',
  'Service.EnableTagOverride == yes':
    'Failed to coerce value "yes" for selector "Service.EnableTagOverride": ' +
    'strconv.ParseBool: parsing "yes": invalid syntax',
  'Node.Node matches "["':
    'Failed to compile regular expression "[": error parsing regexp: missing closing ]: `[`',
  'Node == db-1': '1:11 (10): no match found, expected: ".", "[", [ \\t\\r\\n], [a-zA-Z0-9_] or EOF',
  'Node == -a': '1:10 (9): no match found, expected: "0" or [1-9]',
  '(Node == a': '1:11 (10): rule "grouping": Unmatched parentheses',
  'Node in [': '1:9 (8): rule "match": Invalid selector',
  'Node["a] == b':
    '1:14 (13): rule "string": Unterminated string literal\n1:6 (5): rule "index": Invalid index',
  'Node == "a\\q"': '1:9 (8): rule "string": invalid syntax',
  'Node == é': '1:9 (8): no match found, expected: "-", "0", "\\"", "`", [ \\t\\r\\n], [1-9] or [a-zA-Z]',
};

for (const [expression, complaint] of Object.entries(complaints)) {
  test(`T1-2: ${expression} is refused`, () => {
    assert.throws(() => compileFilter(expression, instanceHealthShape, compileRe2), {
      message: `Failed to create boolean expression evaluator: ${complaint}`,
    });
  });
}

test('instances are asked by the names the catalog shows', () => {
  const decide = compileFilter('ServicePort == 3306 and NodeMeta.rack == r7', instanceShape, compileRe2);
  assert.equal(decide(instance), true);
});

test('whatever is nested or repeated without end is refused at once', () => {
  const hostile = ['('.repeat(30_000), 'not '.repeat(15_000), Array(3_000).fill('ID == a').join(' or ')];
  for (const expression of [...hostile, '"'.repeat(60_000), 'a'.repeat(70_000), 'a[""]'.repeat(10_000)]) {
    assert.throws(() => compileFilter(expression, instanceShape, compileRe2), { name: 'FilterError' });
  }
});

test('a hundred levels of parentheses take no longer than they are long', () => {
  const expression = `${'('.repeat(100)}Node == "db-1"${')'.repeat(100)}`;
  assert.equal(compileFilter(expression, instanceShape, compileRe2)(instance), true);
});
