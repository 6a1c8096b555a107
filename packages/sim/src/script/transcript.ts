// Transcripts: a script with questions, and below each part the answers, as they were when somebody read
// them.
//
//   # a member that dies is suspected first
//   nodes 3 seed 7
//   crash n2
//   run 20s
//   members n1
//   ----
//   n1 alive inc=1
//   n2 failed inc=1 (suspect at 3.1s, dead at 8.4s)
//   n3 alive inc=1
//
// A blank line ends the answers; what follows goes on with the same cluster. Next: questions.ts.

import type { Simulation } from '../simulation.ts';
import { perform } from './commands.ts';
import { ask } from './questions.ts';
import { beginScript } from './run-script.ts';
import { ScriptError } from './words.ts';

/** The same transcript with the answers that are given now. @throws ScriptError */
export function retellTranscript(text: string): string {
  const teller = new Teller();
  for (const line of text.split('\n')) teller.read(line.trimEnd());
  return teller.end();
}

class Teller {
  readonly #told: string[] = [];
  #answers: string[] = [];
  #simulation: Simulation | undefined;
  /** Between the line and the blank one are the old answers. */
  #isSkipping = false;

  read(line: string): void {
    if (this.#isSkipping) {
      this.#isSkipping = line !== '';
      if (this.#isSkipping) return;
    }
    this.#told.push(line);
    if (line === '' || line.startsWith('#')) return;
    if (line === ruler) this.#tell();
    else this.#do(line);
  }

  /** The whole text. */
  end(): string {
    if (this.#answers.length > 0) throw new ScriptError(`questions without a "${ruler}" below them`);
    return `${this.#told.join('\n').trimEnd()}\n`;
  }

  #do(line: string): void {
    if (!this.#simulation) {
      this.#simulation = beginScript(line);
      return;
    }
    const answer = ask(this.#simulation, line);
    if (answer) this.#answers.push(...answer);
    else perform(this.#simulation, line);
  }

  #tell(): void {
    this.#told.push(...this.#answers);
    this.#answers = [];
    this.#isSkipping = true;
  }
}

const ruler = '----';
