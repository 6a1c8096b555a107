// Event handlers: their filters and settings, and whether the script or module is there. Scripts are texts
// for a shell, which may be anything; only a path in front of them can be looked for.
// Next: check-syslog.ts.

import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorText } from '../../error-text.ts';
import { type HandlerPlan, type ModuleReference, planHandlers } from '../../event-handlers/handler-entry.ts';
import type { Findings, Place } from './problem.ts';
import type { ReadConfig } from './read-sources.ts';

/** Looks at every handler. */
export async function checkHandlers({ config, place }: ReadConfig, findings: Findings): Promise<void> {
  for (const entry of config.eventHandlers) {
    const at = place('eventHandlers', entry);
    try {
      await checkPlan(planHandlers([entry]), at, findings);
    } catch (error) {
      findings.error(at, errorText(error), 'See "serf agent -help" for how handlers are written.');
    }
  }
}

async function checkPlan({ scripts, own }: HandlerPlan, at: Place, findings: Findings): Promise<void> {
  for (const { command, module } of own) {
    if (module === undefined) await checkScript(command, at, findings);
    else checkModule(command, module, at, findings);
  }
  // One entry has one command, however many events it is for.
  const [script] = scripts;
  if (script !== undefined) await checkScript(script.command, at, findings);
}

async function checkScript(command: string, at: Place, findings: Findings): Promise<void> {
  const [path] = plainPath.exec(command) ?? [];
  if (path === undefined) return;
  const status = await stat(path).catch(() => undefined);
  const seenFrom = path.startsWith('/') ? '' : `, seen from ${process.cwd()}`;
  if (status === undefined)
    findings.error(at, `there is no file ${path}${seenFrom}`, 'Create it, or correct the path.');
  else if (!status.isFile()) findings.error(at, `${path} is no file`, 'Correct the path.');
  else
    await access(path, constants.X_OK).catch(() =>
      findings.error(at, `${path} is not executable`, `Run: chmod +x ${path}`),
    );
}

function checkModule(command: string, module: ModuleReference, at: Place, findings: Findings): void {
  if (module.kind === 'file') {
    if (!existsSync(module.path))
      findings.error(
        at,
        `there is no file ${module.path}`,
        'Create it, or correct the path; it begins at the configuration file.',
      );
    return;
  }
  const [, name = ''] = /^((?:@[^/]+\/)?[^/]+)/.exec(module.name) ?? [];
  const program = dirname(fileURLToPath(import.meta.url));
  if ([module.directory, process.cwd(), program].some((from) => isInstalled(name, from))) return;
  const fix = `Run: npm install ${name}, in ${module.directory}`;
  findings.error(at, `the package of ${command} is not installed`, fix);
}

// As Node looks for a package: in this folder's node_modules and in those above it.
function isInstalled(name: string, from: string): boolean {
  const folder = resolve(from);
  if (existsSync(join(folder, 'node_modules', name))) return true;
  return folder !== dirname(folder) && isInstalled(name, dirname(folder));
}

// A path in front of a command, as a shell would take it: nothing in it is special.
const plainPath = /^[\w@%+:,./-]*\/[\w@%+:,./-]*(?=\s|$)/;
