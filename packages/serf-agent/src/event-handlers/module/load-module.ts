// Finds and loads a handler module, with Node's own rules for packages. Runs in the module's thread, which
// is new with every start, so that a changed file or package is loaded as it is now.
//
// A package is looked for from the folder of the configuration file that names it, from the working
// directory, and from Reeve's own installation, which has the handlers that come with it.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Handler } from '@reeve/handler-api';
import { errorText } from '../../error-text.ts';
import type { ModuleReference } from '../handler-entry.ts';

/** Loads a handler. @throws Error that says what is wrong with the module and what to do about it. */
export async function loadHandler(module: ModuleReference): Promise<Handler<unknown>> {
  const url = module.kind === 'file' ? locateFile(module.path) : locatePackage(module.name, module.directory);
  const loaded = await import(url).catch((cause) => {
    throw new Error(`it cannot be loaded: ${errorText(cause)}`, { cause });
  });
  return checkHandler(loaded.default);
}

function locateFile(path: string): string {
  if (!existsSync(path)) throw new Error(`there is no file ${path}; a path begins at the configuration file`);
  return pathToFileURL(path).href;
}

function locatePackage(name: string, directory: string): string {
  const program = dirname(fileURLToPath(import.meta.url));
  for (const from of [directory, process.cwd(), program]) {
    const found = resolvePackage(name, from);
    if (found !== undefined) return found;
  }
  const installable = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  throw new Error(`no such package is installed; run "npm install ${installable}" in ${directory}`);
}

function resolvePackage(name: string, from: string): string | undefined {
  try {
    return import.meta.resolve(name, pathToFileURL(join(from, 'package.json')).href);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw new Error(`it cannot be found: ${errorText(error)}`, { cause: error });
  }
}

function checkHandler(handler: unknown): Handler<unknown> {
  if (handler === undefined)
    throw new Error('it has no default export; write "export default defineHandler({…})"');
  if (typeof handler !== 'object' || handler === null) throw malformed('an object');
  const { name, ...methods } = handler as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') throw malformed("an object with a text as 'name'");
  for (const method of ['setup', 'onMemberEvent', 'onEvent', 'close']) {
    if (!['undefined', 'function'].includes(typeof methods[method]))
      throw malformed(`a function as '${method}'`);
  }
  if (!methods.onMemberEvent && !methods.onEvent) throw malformed("'onMemberEvent' or 'onEvent'");
  return handler as Handler<unknown>;
}

function malformed(expected: string): Error {
  return new Error(`its default export needs ${expected}; see defineHandler of @reeve/handler-api`);
}
