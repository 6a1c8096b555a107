// If a server has applied an entry at an index, no other server ever applies another entry there.

import assert from 'node:assert/strict';
import type { SimulatedServer } from './server.ts';

/** The property, over whole histories: restored ones too. Looks at a server after each event there. */
export function stateMachineSafety(): (server: Pick<SimulatedServer, 'machine'>) => void {
  const history: { readonly index: number; readonly text: string }[] = [];
  const checked = new WeakMap<object, number>();
  return ({ machine: { commands } }) => {
    for (let i = checked.get(commands) ?? 0; i < commands.length; i++) {
      const command = commands[i];
      if (command === undefined) continue;
      const known = history[i] ?? command;
      history[i] = known;
      if (command.index !== known.index || command.text !== known.text)
        assert.deepEqual(command, known, `state machine safety: command ${i} differs`);
    }
    checked.set(commands, commands.length);
  };
}
