// Runs a script: lines of commands after one that says what is simulated (settings.ts, commands.ts).

import type { Simulation } from '../simulation.ts';
import { perform } from './commands.ts';
import { createSimulation, parseSettings } from './settings.ts';
import { ScriptError, Words } from './words.ts';

/**
 * Runs to the end of the script, to the first property that does not hold, or to `limitMs`, and returns the
 * cluster as it is then.
 * @throws ScriptError when a line makes no sense.
 */
export function runScript(script: readonly string[], limitMs?: number): Simulation {
  const [first = '', ...lines] = script;
  const simulation = beginScript(first, limitMs);
  for (const line of lines) {
    if (simulation.violation || simulation.now >= (limitMs ?? Number.POSITIVE_INFINITY)) break;
    perform(simulation, line);
  }
  return simulation;
}

/** The cluster of a script's first line. @throws ScriptError */
export function beginScript(first: string, limitMs?: number): Simulation {
  const words = new Words(first);
  if (words.take('a command') !== 'nodes') throw new ScriptError('a script begins with "nodes"');
  return createSimulation(parseSettings(words), limitMs);
}
