// What was registered through HTTP, over a restart: a file for each service, each check, and each status that
// a TTL check was told. A file's name is the MD5 of the id.
// Upstream: agent/agent.go (persistService, persistCheck, persistCheckState). Next: folder.ts,
// registration-texts.ts.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { quote } from '@reeve/cli';
import type { HealthCheck, NodeService } from '../../core/index.ts';
import { decodeJson, type Kind } from '../../json/decode.ts';
import { createFolder, type Folder } from './folder.ts';
import {
  checkFile,
  checkFileText,
  type PersistedCheck,
  type PersistedCheckState,
  type PersistedService,
  serviceFile,
  serviceFileText,
  stateFile,
  stateFileText,
} from './registration-texts.ts';

/** The three folders. */
export interface Folders {
  readonly services: Folder;
  readonly checks: Folder;
  readonly states: Folder;
}

/** The folders of a data directory. */
export function createFolders(dataDir: string): Folders {
  return {
    services: createFolder(join(dataDir, 'services')),
    checks: createFolder(join(dataDir, 'checks')),
    states: createFolder(join(dataDir, 'checks', 'state')),
  };
}

/** Reads and writes the files, one call after the other; calls reject with the system's error. */
export class RegistrationFiles {
  readonly #folders: Folders;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  putService(persisted: PersistedService & { readonly service: NodeService }): Promise<void> {
    return this.#put(this.#folders.services, persisted.service.id, serviceFileText(persisted), true);
  }

  putCheck(persisted: PersistedCheck & { readonly check: HealthCheck }): Promise<void> {
    return this.#put(this.#folders.checks, persisted.check.checkId, checkFileText(persisted), true);
  }

  /** So often that it is not worth waiting for the disk. */
  putState(state: PersistedCheckState): Promise<void> {
    return this.#put(this.#folders.states, state.checkId, stateFileText(state), false);
  }

  removeService(id: string): Promise<void> {
    return this.#next(() => this.#folders.services.remove(nameOf(id)));
  }

  /** Its status goes, too. */
  removeCheck(id: string): Promise<void> {
    return this.#next(async () => {
      await this.#folders.checks.remove(nameOf(id));
      await this.#folders.states.remove(nameOf(id));
    });
  }

  removeState(id: string): Promise<void> {
    return this.#next(() => this.#folders.states.remove(nameOf(id)));
  }

  /** All services; files that make no sense are told to `onOdd` and left alone. */
  services(onOdd: OnOdd): Promise<readonly PersistedService[]> {
    return this.#next(() => readAll('service', this.#folders.services, serviceFile, onOdd));
  }

  /** All checks. */
  checks(onOdd: OnOdd): Promise<readonly PersistedCheck[]> {
    return this.#next(() => readAll('check', this.#folders.checks, checkFile, onOdd));
  }

  /** What a check was told last; undefined if there is nothing, or nothing that makes sense. */
  state(checkId: string, onOdd: OnOdd): Promise<PersistedCheckState | undefined> {
    return this.#next(() => read(this.#folders.states, nameOf(checkId), stateFile, onOdd));
  }

  #put(folder: Folder, id: string, json: string, isDurable: boolean): Promise<void> {
    return this.#next(() => folder.replace(nameOf(id), Buffer.from(json), isDurable));
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {}); // told to whoever asked
    return done;
  }
}

/** Hears of a file that could not be understood. */
export type OnOdd = (file: string, error: Error) => void;

async function readAll<T>(what: string, folder: Folder, kind: Kind<T>, onOdd: OnOdd) {
  const found: T[] = [];
  const names = await saying(`Failed reading ${what}s dir ${quote(folder.path)}`, folder.list());
  for (const name of names.filter((it) => !it.endsWith('tmp'))) {
    const told = `failed reading ${what} file ${quote(join(folder.path, name))}`;
    const content = await saying(told, read(folder, name, kind, onOdd));
    if (content !== undefined) found.push(content);
  }
  return found;
}

async function saying<T>(what: string, done: Promise<T>): Promise<T> {
  return done.catch((error: Error) => {
    throw new Error(`${what}: ${error.message}`, { cause: error });
  });
}

async function read<T>(folder: Folder, name: string, kind: Kind<T>, onOdd: OnOdd): Promise<T | undefined> {
  const bytes = await folder.read(name);
  if (bytes === undefined) return undefined;
  try {
    return decodeJson(bytes, kind);
  } catch (error) {
    onOdd(join(folder.path, name), error as Error);
    return undefined;
  }
}

function nameOf(id: string): string {
  return createHash('md5').update(id).digest('hex');
}
