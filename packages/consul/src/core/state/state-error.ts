// What a caller did wrong, in the words that clients see. A command that throws one has changed nothing.

/** A request that the state refuses. The message is upstream's, and scripts compare it. */
export class StateError extends Error {
  override name = 'StateError';
}

/** Runs a step and puts into what larger step it failed: `failed inserting node: …`. */
export function within<T>(describe: (what: string) => string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof StateError) throw new StateError(describe(error.message));
    throw error;
  }
}
