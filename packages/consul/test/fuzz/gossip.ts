// What is fuzzed of gossip: what members say of themselves by their tags, which anybody may say.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import type { Member, Tags } from '@reeve/serf/core';
import { lanRefusal } from '../../dist/server/gossip/lan-refusal.js';
import { isAgentOf, serverOf } from '../../dist/server/gossip/server-member.js';
import { serverTags } from '../../dist/server/gossip/server-tags.js';
import { clientMember } from '../kit/leader.js';

const usual = { datacenter: 'dc1', nodeId: 'id-b', port: 8300, build: '1.8.7:', wanPort: -1 };
const we = { datacenter: 'dc1', nodeName: 'a', nodeId: 'id-a' };

const members: FuzzTarget = {
  name: 'tags of members',
  promise: 'whatever a member says of itself, it is a server with numbers that are some, or none',
  seeds: [
    serverTags({ ...usual, isBootstrap: true, expect: 0 }),
    serverTags({ ...usual, isBootstrap: false, expect: 3, wanPort: 8302 }),
    new Map(
      Object.entries({ role: 'node', dc: 'dc1', id: 'id-c', segment: 's', build: '0.8.4:x', vsn: '2' }),
    ),
  ].map((tags) => encodeText([...tags].map(([key, value]) => `${key}=${value}`).join('\n'))),
  open: () => ({
    run: (input) => {
      const member: Member = { ...clientMember('b', '10.0.0.2'), tags: tagsOf(input) };
      const refusal = lanRefusal([{ ...member, hasLeft: false }], we);
      assert.ok(refusal === undefined || refusal.startsWith("Member 'b' "), refusal);
      const server = serverOf(member);
      if (server === undefined) throw new Refused();
      for (const number of [server.port, server.raftVersion, server.expect])
        assert.ok(Number.isSafeInteger(number));
      assert.match(server.version, /^\d+\.\d+\.\d+$/);
      assert.equal(isAgentOf(member, server.datacenter), true);
      const isElsewhere = server.datacenter !== we.datacenter;
      assert.ok(!isElsewhere || refusal !== undefined, 'nobody of another datacenter is let in');
    },
  }),
};

/** A tag a line: `role=consul`. */
function tagsOf(input: Uint8Array): Tags {
  const lines = Buffer.from(input).toString().split('\n');
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}

/** All of them. */
export const gossipTargets: readonly FuzzTarget[] = [members];
