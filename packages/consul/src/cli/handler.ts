// A command that `consul lock` and `consul watch` run: with our output, and with our signals.
// Upstream: agent/util.go (ForwardSignals).

import { onSignals, type SignalSource } from '@reeve/cli';
import { type ProgramCall, type RunningProgram, startProgram } from '../program/start-program.ts';

/** What is run, and whose signals it gets. */
export interface HandlerCall extends Omit<ProgramCall, 'output'> {
  readonly signals: SignalSource;
}

/** Starts it. @throws Error in Go's words if that cannot be done */
export async function startHandler(call: HandlerCall): Promise<RunningProgram> {
  const { signals, ...program } = call;
  const handler = await startProgram({ ...program, output: 'inherit' });
  const ignore = onSignals(signals, ['SIGINT', 'SIGTERM'], (signal) => handler.kill(signal));
  void handler.ended.then(ignore);
  return handler;
}
