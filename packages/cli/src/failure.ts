// How a command gives up: by throwing what its user is to read.

import type { Ui } from './ui.ts';

/** A command that cannot go on; the message is what the user sees. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}

/** The value of `work`, or a {@link CommandFailure} with `what` in front of the reason. */
export async function orFail<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new CommandFailure(`${what}: ${(error as Error).message}`, { cause: error });
  }
}

/** The exit code of `work`; a {@link CommandFailure} is told to the user and makes it 1. */
export async function reportFailure(ui: Ui, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    ui.error(error.message);
    return 1;
  }
}
