// The sockets of multicast DNS, as far as strangers can get at them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureText, families, openAsker, openListener } from '../../dist/discovery/multicast.js';

for (const family of families) {
  test(`${family.name}: a packet that claims to come from port 0 is not answered`, async (t) => {
    const socket = await openAsker(family, '').catch(() => undefined);
    if (socket === undefined) return t.skip(`this machine has no ${family.name}`);
    t.after(() => socket.close());
    socket.answer(new Uint8Array(1), { address: family.any, port: 0 });
  });

  test(`${family.name}: a closed socket does nothing more`, async (t) => {
    const socket = await openAsker(family, '').catch(() => undefined);
    if (socket === undefined) return t.skip(`this machine has no ${family.name}`);
    socket.close();
    socket.close();
    socket.answer(new Uint8Array(1), { address: family.any, port: 5353 });
    await socket.ask(new Uint8Array(1));
  });

  test(`${family.name}: an interface that is not there is told in words`, async () => {
    const error = await openListener(family, 'nosuch0').then(
      (socket) => socket.close(),
      (reason: unknown) => reason,
    );
    if (family.name === 'IPv4')
      assert.equal(failureText(family, error), 'IPv4: interface nosuch0 has no address');
  });
}
