// What all commands of `consul` have in common: errors go to stderr, and a failure is told and makes 1.

import {
  type Command,
  type CommandDefinition,
  defineCommand,
  type FlagTable,
  reportFailure,
} from '@reeve/cli';

/** Makes a command of `consul`. */
export function consulCommand<const T extends FlagTable>(definition: CommandDefinition<T>): Command {
  return defineCommand<T>({
    ...definition,
    hasErrorsOnStderr: true,
    run: (call) => reportFailure(call.ui, () => definition.run(call)),
  });
}
