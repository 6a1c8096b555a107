// Whole runs of the agent, line by line and with their exit codes, against captures of the original.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { folderWith } from '../config/load-config.js';
import { Stage, signalsOf } from './transcripts.js';

const files = {
  'b.snap': '',
  'c6.json': '{"Node_Name":"mixedcase"}',
  'lot.json': '{"leave_on_terminate":true}',
  'sli.json': '{"skip_leave_on_interrupt":true}',
  'tags1.json': '{"a":"1"}',
};

const runs: readonly (readonly [checklist: number, capture: string])[] = [
  [70, 'agent/start-default-sigint'],
  [70, 'agent/ok-positional-arg-ignored'],
  [70, 'agent/ok-tags-file'],
  [70, 'agent/config-key-case-insensitive'],
  [70, 'agent/warn-broadcast-timeout-low'],
  [70, 'agent/warn-rejoin-no-snapshot'],
  [70, 'agent/warn-retry-interval-low'],
  [70, 'agent/warn-role-flag'],
  [74, 'agent/sigint-skip-leave'],
  [74, 'agent/sigint-twice'],
  [74, 'agent/sigterm-default'],
  [74, 'agent/sigterm-leave-on-terminate'],
];

describe('agent transcripts', { concurrency: 4 }, () => {
  for (const [checklist, capture] of runs) {
    test(`[${checklist}] ${capture}`, async (t) => {
      const { agent, expected, outcome } = await new Stage(await folderWith(t, files)).rerun(t, capture);
      await agent.printed('Received event: member-join');
      const [first = 'SIGINT', second] = signalsOf(capture);
      agent.signal(first);
      if (second !== undefined) {
        await agent.printed('EventMemberLeave');
        agent.signal(second);
      }
      assert.deepEqual(await outcome(), expected);
    });
  }
});
