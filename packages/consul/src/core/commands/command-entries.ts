// A command as entries of the log: one as a rule. A change of a key that is larger than what raft likes to
// have in one entry is cut. Upstream: agent/consul/rpc.go (raftApplyWithEncoder), hashicorp/go-raftchunking
// (api.go).

import type { Random } from '@reeve/runtime';
import { encodeChunkInfo } from '../wire/chunks.ts';
import { commandType } from '../wire/command.ts';

/** What an entry is made of. */
export interface CommandEntry {
  readonly data: Uint8Array;
  readonly extensions: Uint8Array;
}

/** The entries of a command, to be written one behind the other. */
export function entriesOf(command: Uint8Array, random: Random): readonly CommandEntry[] {
  if (command.length <= entryBytesMax || commandType(command) !== 'keyValue')
    return [{ data: command, extensions: new Uint8Array() }];
  const operation = random64(random);
  const chunks = Math.ceil(command.length / entryBytesMax);
  return Array.from({ length: chunks }, (_, sequence) => ({
    data: command.subarray(sequence * entryBytesMax, (sequence + 1) * entryBytesMax),
    extensions: encodeChunkInfo({ operation, sequence, chunks }),
  }));
}

function random64(random: Random): bigint {
  const half = (): bigint => BigInt(random.below(2 ** 32));
  return (half() << 32n) | half();
}

/** Upstream: hashicorp/raft, SuggestedMaxDataSize. */
const entryBytesMax = 512 * 1024;
