// Prepared queries as leaders of the original write them, and what they refuse, in their words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedQuery } from '../../dist/core/records/index.js';
import { preparedQueryCodec } from '../../dist/core/wire/prepared-query.js';
import { StateRig, uuid } from '../kit/state-rig.js';

class Queries extends StateRig {
  query(operation: string, parts: Partial<PreparedQuery>) {
    const query = { ...preparedQueryCodec.zero(), ...parts };
    return this.apply({ type: 'preparedQuery', request: { datacenter: '', token: '', operation, query } });
  }

  template(id: string, service: string, regexp = '', type = 'name_prefix_match') {
    const zero = preparedQueryCodec.zero();
    const template = { type, regexp, removeEmptyTags: false };
    return this.query('create', { id, name: `t${id}`, template, service: { ...zero.service, service } });
  }
}

/** A place that a template fills. */
const braces = (inside: string) => `\${${inside}}`;

test('a query is created, changed under its first index, and deleted; deleting it twice is nothing', () => {
  const rig = new Queries();
  rig.query('create', { id: uuid(1), name: 'a' });
  const createIndex = rig.index;
  rig.query('update', { id: uuid(1), name: 'b' });
  const [query] = rig.tables.queries.values();
  assert.deepEqual([query?.name, query?.createIndex, query?.modifyIndex], ['b', createIndex, rig.index]);
  rig.query('delete', { id: uuid(1) });
  rig.query('delete', { id: uuid(1) });
  assert.equal(rig.tables.queries.size, 0);
  assert.throws(() => rig.query('frob', {}), { message: "Invalid PreparedQuery operation 'frob'" });
});

test('no query hides another one', () => {
  const rig = new Queries();
  rig.query('create', { id: uuid(1), name: 'a' });
  const aliases = (name: string) => () => rig.query('create', { id: uuid(2), name });
  assert.throws(aliases('A'), { message: "name 'A' aliases an existing query name" });
  assert.throws(aliases(uuid(1)), { message: `name '${uuid(1)}' aliases an existing query ID` });
  aliases(uuid(3))();
  const template = { type: 'name_prefix_match', regexp: '', removeEmptyTags: false };
  rig.query('create', { id: uuid(4), template });
  const second = () => rig.query('create', { id: uuid(5), template });
  assert.throws(second, { message: 'a query template with an empty name already exists' });
});

test('a query ends with its session, which must be there', () => {
  const rig = new Queries();
  rig.register({});
  const bound = () => rig.query('create', { id: uuid(1), session: uuid(9) });
  assert.throws(bound, { message: `invalid session "${uuid(9)}"` });
  assert.throws(
    () => rig.query('create', { id: uuid(1), session: 'x' }),
    /^Error: invalid session: index error/,
  );
  rig.session('create', { id: uuid(9) });
  bound();
  rig.session('destroy', { id: uuid(9) });
  assert.equal(rig.tables.queries.size, 0);
  assert.throws(() => rig.query('create', {}), { message: 'Missing Query ID' });
});

test('a template that cannot be used is refused, as every server refuses it', () => {
  const rig = new Queries();
  const filled = `a-${braces(' match(1) ')}-${braces('agent.segment')}`;
  const taken = ['x', braces('name.full'), filled, `$${braces('name.nope')}`, '$', '{}', ''];
  for (const [at, service] of taken.entries()) rig.template(uuid(at + 1), service);
  assert.equal(rig.tables.queries.size, taken.length);
  for (const service of [
    braces('nope(').slice(0, -1),
    braces('name.nope'),
    braces('').slice(0, -1),
    braces(''),
    braces('match()'),
  ])
    assert.throws(() => rig.template(uuid(15), service), /failed compiling template: Bad format/, service);
  for (const regexp of ['^geo-(.*?)-([^\\-]+?)$', '(?P<a>.)', '(?i)a', '\\Aa\\z', '[[:alpha:]]'])
    rig.template(uuid(1), 'x', regexp);
  for (const regexp of ['(', '(?=a)', '(a)\\1', '[b-a]', '*'])
    assert.throws(() => rig.template(uuid(1), 'x', regexp), /failed compiling template: Bad Regexp/, regexp);
  assert.throws(() => rig.template(uuid(1), 'x', '', 'other'), /Bad Template.Type 'other'/);
});
