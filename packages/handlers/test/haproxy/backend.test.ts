// The lines of a backend, made of members.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BackendOptions, renderBackend } from '../../dist/haproxy/backend.js';
import { member } from '../handler-context.js';

const web = { role: 'web' };
const options: BackendOptions = {
  role: 'web',
  backend: 'web',
  port: 80,
  portTag: 'http',
  serverOptions: 'check',
  lines: ['balance leastconn'],
};

test('alive members with the role are the servers, in the order of their names', () => {
  const members = [
    member('web2', '10.0.0.2', { ...web, http: '8080' }),
    member('web1', '10.0.0.1', web),
    member('gone', '10.0.0.3', web, 'left'),
    member('dead', '10.0.0.4', web, 'failed'),
    member('going', '10.0.0.5', web, 'leaving'),
    member('db1', '10.0.0.6', { role: 'db' }),
    member('web6', 'fe80::1', web),
  ];
  assert.deepEqual(renderBackend(members, options), {
    serverCount: 3,
    text: `# Written by reeve; changes will be overwritten.
backend web
    balance leastconn
    server web1 10.0.0.1:80 check
    server web2 10.0.0.2:8080 check
    server web6 [fe80::1]:80 check
`,
  });
});

test('what a member says of itself is one word of one line, whatever it says', () => {
  const members = [
    member('a\n    server evil 6.6.6.6:80', '10.0.0.1', web),
    member('b c', '10.0.0.2', { ...web, http: '80 backup' }),
    member('b_c', '10.0.0.3', { ...web, http: '99999' }),
    member('d', '10.0.0.4\n', web),
    member('ü', '10.0.0.5', { ...web, http: '0' }),
  ];
  const { text } = renderBackend(members, { ...options, lines: [], serverOptions: '' });
  assert.deepEqual(text.split('\n').slice(2), [
    '    server a_____server_evil_6.6.6.6:80 10.0.0.1:80',
    '    server b_c 10.0.0.2:80',
    '    server b_c_2 10.0.0.3:80',
    '    server _ 10.0.0.5:80',
    '',
  ]);
});
