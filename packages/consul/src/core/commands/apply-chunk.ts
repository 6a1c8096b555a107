// An entry that is a part of a command: the command is applied with its last part, under that one's index.
// Upstream: hashicorp/go-raftchunking (fsm.go), agent/consul/rpc.go (raftApplyWithEncoder), for what the one
// who wrote it is told.

import { DecodeError } from '@reeve/bytes';
import type { LogEntry } from '@reeve/raft/core';
import type { ChunkInfo } from '../records/index.ts';
import { addChunk } from '../state/chunks.ts';
import type { StateStore } from '../state/state-store.ts';
import { decodeChunkInfo } from '../wire/chunks.ts';
import { applyCommand } from './apply-command.ts';
import type { CommandOutcome } from './command-outcome.ts';

/** Applies a part. @throws DecodeError, UnknownCommandError */
export function applyChunk(store: StateStore, { index, term, data, extensions }: LogEntry): CommandOutcome {
  let info: ChunkInfo;
  try {
    info = decodeChunkInfo(extensions);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { ok: false, error: `error unmarshaling chunk info: ${error.message}` };
  }
  const command = store.write(index, (transaction) => addChunk(transaction, info, term, data));
  return command === undefined ? incomplete : applyCommand(store, index, command);
}

const incomplete: CommandOutcome = { ok: false, error: 'please resubmit call for rechunking' };
