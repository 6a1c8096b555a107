// Networks of one's own are never shared, however they were drawn.

import { equal, match, notEqual } from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { LoopbackNetwork, loopbackAddress } from '@reeve/namespaces';

test('two networks never share an address', async () => {
  const networks = [await LoopbackNetwork.claim(), await LoopbackNetwork.claim()];
  const [one, other] = networks.map((network) => network.nextAddress());
  notEqual(one, other);
  match(one ?? '', /^127\.\d+\.\d+\.1$/);
  for (const network of networks) network.release();
});

test('a network that is claimed is not claimed again before it is released', async () => {
  const drawn = randomInt(1, 255);
  const draws = [drawn, drawn];
  const draw = (): string => `127.255.${draws.shift() ?? randomInt(1, 255)}`;
  const first = await LoopbackNetwork.claim(draw);
  const second = await LoopbackNetwork.claim(draw);
  notEqual(first.nextAddress(), second.nextAddress());
  equal(draws.length, 0);
  for (const network of [first, second]) network.release();
});

test('an address of one’s own is in no network that is claimed later', async () => {
  const address = await loopbackAddress();
  const draws = [address.replace(/\.1$/, '')];
  const network = await LoopbackNetwork.claim(() => draws.shift() ?? `127.255.${randomInt(1, 255)}`);
  equal(draws.length, 0);
  notEqual(network.nextAddress(), address);
  network.release();
});
