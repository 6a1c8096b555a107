// Runs `serf` in this process against an RPC server on a fake agent.

import { EventEmitter } from 'node:events';
import type { TestContext } from 'node:test';
import { type Env, runProgram, type SignalSource } from '@reeve/cli';
import { noMetrics } from '@reeve/runtime';
import { serfProgram } from '../../dist/cli/program.js';
import { RpcServer } from '../../dist/rpc/server.js';
import type { FakeAgent } from '../rpc/fake-agent.ts';

/** What a command said and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** What a command runs in. */
export interface CommandWorld {
  readonly env?: Env;
  /** Gets Ctrl-C with `emit('SIGINT')`. */
  readonly signals?: EventEmitter;
  /** Called with all that has been said so far. */
  readonly onStdout?: (stdout: string) => void;
}

/** Runs `serf ARGV`. */
export async function runSerf(argv: readonly string[], world: CommandWorld = {}): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const exit = await runProgram(serfProgram, argv, {
    stdout: {
      write(text) {
        stdout += text;
        world.onStdout?.(stdout);
      },
    },
    stderr: {
      write(text) {
        stderr += text;
      },
    },
    env: world.env ?? {},
    signals: (world.signals ?? new EventEmitter()) as SignalSource,
  });
  return { stdout, stderr, exit };
}

/**
 * An RPC port for a fake agent; closed when the test ends. Returns its address and the way to close it
 * sooner.
 */
export async function serveAgent(
  t: TestContext,
  agent: FakeAgent,
  authKey = '',
): Promise<{ address: string; close(): Promise<void> }> {
  const options = { agent, authKey, log: () => {}, metrics: noMetrics };
  const server = await RpcServer.listen({ host: '127.0.0.1', port: 0 }, options);
  t.after(() => server.close());
  return { address: `127.0.0.1:${server.local.port}`, close: () => server.close() };
}
