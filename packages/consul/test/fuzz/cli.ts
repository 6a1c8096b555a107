// What is fuzzed of the command line: what agents answer it, and what its users hand it.

import { JsonError } from '@reeve/cli';
import type { FuzzTarget } from '@reeve/fuzz';
import { decodeJson } from '../../dist/api/client.js';
import { members } from '../../dist/api/records.js';
import { decodeGoBase64 } from '../../dist/cli/base64.js';
import { JsonMisfit } from '../../dist/json/decode.js';

const answers: FuzzTarget = {
  name: 'answers of agents',
  promise: 'damaged lists of members are refused, or are lists of members',
  seeds: [Buffer.from('[{"Name":"n1","Addr":"127.0.0.1","Port":8301,"Tags":{"dc":"dc1"},"Status":1}]')],
  open: () => ({ run: (input) => void decodeJson(input, members) }),
  refuses: (error) => error instanceof JsonError || error instanceof JsonMisfit,
};

const base64: FuzzTarget = {
  name: 'base64 of users',
  promise: 'damaged base64 is refused with the byte where it goes wrong',
  seeds: [Buffer.from('cmVldmU='), Buffer.from('AAECAwQF')],
  open: () => ({ run: (input) => void decodeGoBase64(Buffer.from(input).toString('latin1')) }),
  refuses: (error) => error instanceof Error && error.message.startsWith('illegal base64 data'),
};

/** Of the command line. */
export const cliTargets: readonly FuzzTarget[] = [answers, base64];
