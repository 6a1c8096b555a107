// Whether an executable works: agents, commands, and what is hardest to have in one file: handlers that are
// scripts, and modules and packages that are loaded into threads.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { say } from '../scripts/bootstrap.mjs';

/** Resolves when everything works; rejects with what does not. */
export async function check(executable) {
  const trial = new Trial(executable);
  try {
    await trial.run();
    say(`${executable}: works`);
  } finally {
    await trial.end();
  }
}

class Trial {
  #executable;
  #folder = mkdtempSync(join(tmpdir(), 'reeve-packaging-'));
  #network = `127.${randomInt(1, 255)}.${randomInt(256)}`;
  #children = [];

  constructor(executable) {
    this.#executable = executable;
    writeHandlers(this.#folder);
  }

  async run() {
    assert.match(await this.#serf('version'), /^0\.8\.2-dev\nAgent Protocol: 5/);
    const config = `-config-file=${join(this.#folder, 'agent.json')}`;
    const first = this.#at(1);
    await this.#serf('validate', config, `-bind=${first}`, `-rpc-addr=${first}:7373`);
    await this.#start('Log data will now stream in', ...agentAt('first', first), config);
    await this.#start('Synced with 1 initial agents', ...agentAt('second', this.#at(2)), `-join=${first}`);
    await this.#start('3 of 3 see all', 'swarm', `-bind=${this.#at(3)}`, `-join=${first}:7946`, '3');

    const members = JSON.parse(await this.#ask('members', '-format=json')).members;
    assert.deepEqual(members.map(({ name }) => name).sort(), [
      'first',
      'second',
      'swarm-1',
      'swarm-2',
      'swarm-3',
    ]);
    assert.match(await this.#ask('reachability'), /Successfully contacted all live nodes/);
    assert.match(await this.#ask('query', '-timeout=1s', 'load'), /Total Responses: 0/);
    for (const handler of ['script', 'module', 'package']) {
      await this.#ask('event', handler, 'hello');
      const file = join(this.#folder, `${handler}.txt`);
      await until(() => existsSync(file) && readFileSync(file, 'utf8') === 'hello', `the ${handler} ran`);
    }
    for (const child of this.#children.toReversed()) {
      child.kill('SIGINT');
      const [exit] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
      assert.equal(exit, 0, 'an interrupt makes it leave');
    }
  }

  async end() {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }

  #at(number) {
    return `${this.#network}.${number}`;
  }

  #ask(command, ...args) {
    return this.#serf(command, `-rpc-addr=${this.#at(1)}:7373`, ...args);
  }

  async #serf(...args) {
    return (await promisify(execFile)(this.#executable, args)).stdout;
  }

  /** Starts something that runs, and waits until it has printed `sign`. */
  async #start(sign, ...args) {
    const child = spawn(this.#executable, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    await until(() => printed.includes(sign) || child.exitCode !== null, sign);
    assert.ok(printed.includes(sign), printed);
  }
}

function agentAt(name, address) {
  return ['agent', `-node=${name}`, `-bind=${address}`, `-rpc-addr=${address}:7373`];
}

function writeHandlers(folder) {
  const module = (file) => `import { writeFileSync } from 'node:fs';
    export default {
      name: 'check',
      onEvent: ({ payload }) => writeFileSync(${JSON.stringify(join(folder, file))}, payload),
    };`;
  writeFileSync(join(folder, 'handler.mjs'), module('module.txt'));
  const dependency = join(folder, 'node_modules/handler-package');
  mkdirSync(dependency, { recursive: true });
  writeFileSync(join(dependency, 'package.json'), '{"name":"handler-package","exports":"./main.mjs"}');
  writeFileSync(join(dependency, 'main.mjs'), module('package.txt'));
  const handlers = [
    `user:script=printf %s "$(cat)" > '${join(folder, 'script.txt')}'`,
    'user:module=module:handler.mjs',
    'user:package=npm:handler-package',
  ];
  writeFileSync(join(folder, 'agent.json'), JSON.stringify({ event_handlers: handlers }));
}

async function until(holds, what) {
  const deadlineMs = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${patienceMs} ms: ${what}`);
    await delay(50);
  }
}

const patienceMs = 30_000;
