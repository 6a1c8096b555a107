// Types the commands of a guide into a shell, one after the other, as people do: what does not print yet what
// the guide says is typed again a little later.
//
// Guides use 127.0.0.1 and its neighbours, and the usual ports. A typist has a network of its own instead, so
// that nobody else is met; curl and dig are ours, since a machine may not have them.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loopbackAddress } from '@reeve/namespaces';

/** A command, and what it is said to print; `…` stands for anything. */
export interface Typed {
  readonly command: string;
  readonly printed: string;
}

/** The commands of a page: in blocks of the language `console`, lines with `$ ` and, to go on, with `> `. */
export function typedIn(page: string): readonly Typed[] {
  const blocks = [...page.matchAll(/^```console\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)/gm)].map(([, command = '', printed = '']) => {
      return { command: command.replace(/^> /gm, '').trimEnd(), printed };
    }),
  );
}

/** A network of one's own: `127.3.7.` */
export async function loopbackNetwork(): Promise<string> {
  return (await loopbackAddress()).replace(/\d+$/, '');
}

/** Who types, in a folder. */
export class Typist {
  readonly #network: string;
  readonly #shell: ChildProcess;
  #output = '';
  #onOutput = (): void => {};

  constructor(folder: string, network: string) {
    this.#network = network;
    const work = join(folder, 'work');
    const programs = join(folder, 'bin');
    mkdirSync(work);
    mkdirSync(programs);
    for (const name of ['curl', 'dig']) writeStandIn(programs, name);
    const ours = fileURLToPath(new URL('../../../../bin', import.meta.url));
    const path = [programs, ours, process.env.PATH].join(':');
    this.#shell = spawn('/bin/sh', [], {
      cwd: work,
      env: { PATH: path, SHELL: '/bin/sh', LC_ALL: 'C', CONSUL_HTTP_ADDR: `${network}1:8500` },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true, // in a group of its own, which ends as a whole
    });
    this.#shell.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#onOutput();
    });
  }

  /** Types a command until it prints what it should. */
  async type({ command, printed }: Typed): Promise<void> {
    const deadlineMs = performance.now() + patienceMs;
    const expected = pattern(this.#moved(printed));
    for (;;) {
      const actual = plain(await this.#run(this.#moved(withAddresses(command))));
      if (expected.test(actual)) return;
      if (performance.now() > deadlineMs) assert.equal(actual, plain(this.#moved(printed)), command);
      await sleep(pollMs);
    }
  }

  /** Ends the shell and everything that was started in it. */
  async end(): Promise<void> {
    const { pid } = this.#shell;
    if (pid === undefined) return;
    const ended = once(this.#shell, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }

  async #run(command: string): Promise<string> {
    this.#output = '';
    this.#shell.stdin?.write(`{ ${command}\n} < /dev/null 2>&1; echo; echo ${endMark}\n`);
    while (!this.#output.includes(endMark)) {
      await new Promise<void>((resolve) => {
        this.#onOutput = resolve;
      });
    }
    return this.#output.replace(endMark, '');
  }

  #moved(text: string): string {
    return text.replaceAll('127.0.0.', this.#network);
  }
}

/** An agent listens on 127.0.0.1 if nobody says otherwise; ours must say so. */
function withAddresses(command: string): string {
  if (!/^consul agent /.test(command) || command.includes('-client=')) return command;
  return command.replace('consul agent', 'consul agent -bind=127.0.0.1 -client=127.0.0.1');
}

/** Columns are as wide as the addresses in them. */
function plain(text: string): string {
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '')
    .trim();
}

function pattern(printed: string): RegExp {
  const escaped = plain(printed).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/^…$/gm, '[^]*').replaceAll('…', '.*')}$`);
}

function writeStandIn(folder: string, name: string): void {
  const script = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  writeFileSync(join(folder, name), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(join(folder, name), 0o755);
}

const endMark = 'the typist waits for this line';
const patienceMs = 60_000;
const pollMs = 100;
