// If a server has applied an entry at an index, no other server ever applies another entry there.

import assert from 'node:assert/strict';
import type { Checker } from './checker.ts';

/** The property, over whole histories: restored ones too. */
export function stateMachineSafety(): Checker {
  const history: { readonly index: number; readonly text: string }[] = [];
  const checked = new WeakMap<object, number>();
  return {
    name: 'state machine safety',
    onRan({ machine }) {
      const { commands } = machine;
      for (let i = checked.get(commands) ?? 0; i < commands.length; i++) {
        const command = commands[i];
        if (command === undefined) continue;
        const known = history[i] ?? command;
        history[i] = known;
        if (command.index !== known.index || command.text !== known.text)
          assert.deepEqual(command, known, `state machine safety: command ${i} differs`);
      }
      checked.set(commands, commands.length);
    },
  };
}
