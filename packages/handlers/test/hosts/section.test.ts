// The section of a hosts file: where it stands and what is in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceSection } from '../../dist/hosts/section.js';
import { member } from '../handler-context.js';

const options = { section: 'serf members', domain: undefined };
const web1 = member('web1', '10.0.0.1');

test('a section is added at the end and then replaced where it stands; the rest stays as it is', () => {
  const added = replaceSection('127.0.0.1 localhost', [web1], options).text;
  assert.equal(added, '127.0.0.1 localhost\n# BEGIN serf members\n10.0.0.1\tweb1\n# END serf members\n');
  const moved = `${added}\xff\tafter # BEGIN serf members\r\n\n`;
  const members = [member('web2', 'fe80::2'), member('gone', '10.0.0.3', {}, 'left'), web1];
  assert.equal(
    replaceSection(moved, members, options).text,
    moved.replace('\tweb1\n', '\tweb1\nfe80::2\tweb2\n'),
  );
  assert.equal(replaceSection('', [], options).text, '# BEGIN serf members\n# END serf members\n');
});

test('with a domain a member has two names', () => {
  const { text } = replaceSection('', [web1], { ...options, domain: 'cluster.internal' });
  assert.match(text, /^10\.0\.0\.1\tweb1\.cluster\.internal web1$/m);
});

test('names that are none, and names that others have, stay out', () => {
  const names = [
    'localhost',
    'Router',
    'a b',
    'x\n6.6.6.6 bank',
    '-a',
    `${'a'.repeat(64)}`,
    '#',
    'ok.example',
  ];
  const { text, refused } = replaceSection(
    '10.0.0.254 gateway router # not: ok.example\n',
    names.map((name) => member(name, '10.0.0.9')),
    options,
  );
  assert.deepEqual(text.split('\n').slice(2, -2), ['10.0.0.9\tok.example']);
  assert.equal(refused.length, 7);
  assert(refused.every((name) => !name.includes('\n')));
});

for (const broken of [
  '# BEGIN serf members\n',
  '# END serf members\n',
  '# END serf members\n# BEGIN serf members\n',
  '# BEGIN serf members\n# END serf members\n# BEGIN serf members\n# END serf members\n',
]) {
  test(`a file whose comments are out of order is not touched: ${JSON.stringify(broken)}`, () => {
    assert.throws(() => replaceSection(broken, [web1], options), /must stand once each/);
  });
}
