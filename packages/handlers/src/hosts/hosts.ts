// Keeps a marked section of a hosts file equal to the alive members. With every event about members the
// section is written from the members of the moment; everything outside of it is left as it is. Next:
// section.ts.

import { defineHandler } from '@reeve/handler-api';
import { OptionReader } from '../options.ts';
import { readText, replaceFile } from '../replace-file.ts';
import { replaceSection, type SectionOptions } from './section.ts';

/** What the options say. */
export interface HostsState extends SectionOptions {
  readonly file: string;
}

/** `npm:@reeve/handlers/hosts`; options in docs/guides/handlers.md. */
export default defineHandler({
  name: 'hosts',
  setup: readOptions,
  async onMemberEvent(_event, { state, members, log }) {
    const current = (await readText(state.file)) ?? '';
    const { text, refused } = replaceSection(current, await members(), state);
    if (text === current) return;
    await replaceFile(state.file, text, async () => {
      if (((await readText(state.file)) ?? '') !== current)
        throw new Error(`somebody else has just changed ${state.file}`);
    });
    if (refused.length > 0) log.warn(`no host names, or names of others: ${refused.join(', ')}`);
  },
});

function readOptions(options: Readonly<Record<string, unknown>>): HostsState {
  const reader = new OptionReader(options);
  const state = {
    file: reader.text('file', '/etc/hosts'),
    section: reader.text('section', 'serf members'),
    domain: reader.optionalText('domain'),
  };
  reader.finish();
  if (!/^[ -~]+$/.test(state.section))
    throw new Error("the option 'section' must be one line of plain ASCII");
  if (state.domain !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(state.domain))
    throw new Error("the option 'domain' must be a domain such as 'cluster.internal'");
  return state;
}
