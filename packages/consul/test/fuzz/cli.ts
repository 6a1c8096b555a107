// What is fuzzed of the command line: what agents answer it.

import { JsonError } from '@reeve/cli';
import type { FuzzTarget } from '@reeve/fuzz';
import { members } from '../../dist/api/records/agent.js';
import { decodeJson, JsonMisfit } from '../../dist/json/decode.js';

const answers: FuzzTarget = {
  name: 'answers of agents',
  promise: 'damaged lists of members are refused, or are lists of members',
  seeds: [Buffer.from('[{"Name":"n1","Addr":"127.0.0.1","Port":8301,"Tags":{"dc":"dc1"},"Status":1}]')],
  open: () => ({ run: (input) => void decodeJson(input, members) }),
  refuses: (error) => error instanceof JsonError || error instanceof JsonMisfit,
};

/** Of the command line. */
export const cliTargets: readonly FuzzTarget[] = [answers];
