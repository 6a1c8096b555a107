// Keeps a backend of HAProxy equal to the members with a role. With every event about members the backend is
// rendered from the members of the moment, so that events that were lost or came twice do no harm. A changed
// file is checked by HAProxy before it takes the place of the old one, and HAProxy is told to reload.
//
// When no member with the role is alive the old file stays: that is what a load balancer sees of the world
// just after it started, and a backend without servers helps nobody. Next: backend.ts, programs.ts.

import { resolve } from 'node:path';
import { defineHandler, type HandlerLog, type Member } from '@reeve/handler-api';
import { OptionReader } from '../options.ts';
import { readText, replaceFile } from '../replace-file.ts';
import { type BackendOptions, renderBackend } from './backend.ts';
import { checkConfiguration, type ReloadOptions, reload } from './programs.ts';

/** What the options say, and what is still to be done. */
export interface HaproxyState extends BackendOptions, ReloadOptions {
  readonly file: string;
  readonly config: readonly string[];
  readonly program: string;
  readonly allowEmpty: boolean;
  /** HAProxy has not yet been told of the file as it is. */
  mustReload: boolean;
}

/** `npm:@reeve/handlers/haproxy`; options in docs/guides/handlers.md. */
export default defineHandler({
  name: 'haproxy',
  setup: readOptions,
  async onMemberEvent(_event, { state, members, log, signal }) {
    await update(state, await members(), log, signal);
    if (!state.mustReload) return;
    await reload(state, signal);
    state.mustReload = false;
  },
});

function readOptions(options: Readonly<Record<string, unknown>>): HaproxyState {
  const reader = new OptionReader(options);
  const role = reader.text('role', 'web');
  const file = resolve(reader.text('file'));
  const state: HaproxyState = {
    file,
    role,
    backend: reader.text('backend', role),
    port: reader.integer('port', 80, 1, 65_535),
    portTag: reader.optionalText('port_tag'),
    serverOptions: reader.text('server_options', 'check'),
    lines: reader.texts('lines') ?? [],
    config: (reader.texts('config') ?? []).map((path) => resolve(path)),
    program: reader.text('program', 'haproxy'),
    pidFile: reader.optionalText('pid_file'),
    reload: reader.texts('reload'),
    allowEmpty: reader.boolean('allow_empty'),
    mustReload: true, // whoever ran before us may have ended between the file and the reload
  };
  reader.finish();
  if (!state.config.includes(file))
    throw new Error(`the option 'config' must list all files HAProxy is started with, ${file} among them`);
  if ((state.pidFile === undefined) === (state.reload === undefined))
    throw new Error("one of the options 'pid_file' and 'reload' must be there, and not both");
  return state;
}

async function update(
  state: HaproxyState,
  members: readonly Member[],
  log: HandlerLog,
  signal: AbortSignal,
): Promise<void> {
  const { file, role } = state;
  const { text, serverCount } = renderBackend(members, state);
  const current = await readText(file);
  if (text === current) return;
  if (serverCount === 0 && current !== undefined && !state.allowEmpty)
    return log.warn(`no member with role ${role} is alive; ${file} stays as it is`);
  await replaceFile(file, text, (temporary) => checkConfiguration(state, temporary, signal));
  state.mustReload = true;
  log.info(`${file} has ${serverCount} servers now`);
}
