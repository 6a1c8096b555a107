// Classes of the corpus for Consul, in small, at a running server, one after the other: it lives, holds
// little, leads, and has answered somebody who means no harm. All of them, with figures:
// `npm run hostile -- consul`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ConsulFinding,
  consulCorpus,
  consulRow,
  isHarmlessToConsul,
  tryConsulClass,
  withServer,
} from '@reeve/hostile';

test('hostile input on every port of a server of Consul leaves no trace', async (t) => {
  await withServer(async (target) => {
    for (const tried of consulCorpus.filter(({ name }) => quick.has(name))) {
      await t.test(tried.title, async () => {
        const finding = await tryConsulClass(target, tried, true);
        assert.ok(isHarmlessToConsul(finding) && wasAnswered(finding), consulRow(finding));
        assert.ok(finding.inputs > 0);
      });
    }
  });
});

/** How soon depends on what else the machine has to do. */
function wasAnswered({ service }: ConsulFinding): boolean {
  return service.asked > service.failures.length;
}

/** Each takes seconds. */
const quick = new Set(['first-bytes', 'rpc-bodies', 'raft-messages', 'keys', 'dns-messages', 'archives']);
