// A throw-away copy of the working tree, with what was built in it, where faults do no harm. Installed
// packages are links to the real ones, our own are links to those of the copy.

import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyFault, type Fault } from './fault.ts';

/** The repository, somewhere else. */
export class WorkingCopy {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'reeve-mutate-')));
  readonly #compiler: string;
  /** The file that has a fault now, as it was. */
  #original = '';

  constructor(root: string) {
    this.#compiler = join(root, 'node_modules/typescript/bin/tsc');
    for (const name of readdirSync(root)) {
      if (notCopied.has(name)) continue;
      const options = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
      cpSync(join(root, name), join(this.folder, name), options);
    }
    linkModules(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Puts a fault in; returns what the compiler has against it, if it has. */
  apply(fault: Fault): Promise<string | undefined> {
    this.#original = readFileSync(join(this.folder, fault.file), 'utf8');
    return this.#write(fault, applyFault(this.#original, fault));
  }

  /** Takes it out again. */
  async restore(fault: Fault): Promise<void> {
    const complaint = await this.#write(fault, this.#original);
    if (complaint !== undefined) throw new Error(`The repository does not compile:\n${complaint}`);
  }

  /** Deletes the copy. */
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write({ file }: Fault, source: string): Promise<string | undefined> {
    writeFileSync(join(this.folder, file), source);
    const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
    const args = [this.#compiler, '-p', this.#projectOf(file), ...lenient];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: this.folder }, (error, complaint) => {
        resolve(error ? complaint || error.message : undefined);
      });
    });
  }

  /** The folder whose tsconfig.json is the nearest. */
  #projectOf(path: string): string {
    const folder = dirname(path);
    return existsSync(join(this.folder, folder, 'tsconfig.json')) ? folder : this.#projectOf(folder);
  }
}

function linkModules(real: string, copy: string): void {
  mkdirSync(copy);
  for (const name of readdirSync(real)) {
    if (name !== ourScope) symlinkSync(join(real, name), join(copy, name));
  }
  const options = { recursive: true, verbatimSymlinks: true }; // ../../packages/x, as they are
  cpSync(join(real, ourScope), join(copy, ourScope), options);
}

const ourScope = '@reeve';
const notCopied: ReadonlySet<string> = new Set(['.git', '.stamp', 'node_modules', 'dist']);
