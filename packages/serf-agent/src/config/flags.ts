// The flags of `serf agent`: one for every setting that has one, and the two that name files to read.
// A flag counts only if it was given: `-disable-compression=false` says something else than no flag at all.
// Next: load.ts, which puts files and flags in order.

import type { Flag, FlagTable, ParsedFlags } from '@reeve/cli';
import { type ConfigLayer, type Setting, type SettingName, settingList } from './schema.ts';

/** What flags say. @throws Error when the text of one cannot be read. */
export function flagLayer({ values, given }: ParsedFlags<FlagTable>): ConfigLayer {
  const layer: Partial<Record<SettingName, unknown>> = {};
  for (const [name, { flag, kind }] of settingList) {
    const value = flag !== undefined && given.has(flag) ? values[flag] : undefined;
    if (value !== undefined) layer[name] = kind.fromFlag(value);
  }
  return layer as ConfigLayer;
}

/** The configuration files and directories that flags name, in the order in which they were given. */
export function configPaths({ values }: ParsedFlags<FlagTable>): readonly string[] {
  return values[fileFlag] as readonly string[];
}

function flagOf({ kind, placeholder, help }: Setting<unknown>): Flag {
  return {
    kind: kind.flag,
    help,
    ...(placeholder === undefined ? {} : { placeholder }),
  };
}

const fileFlag = 'config-file';

/** All flags; the help of `serf agent` is made from them. */
export const agentFlags: FlagTable = {
  ...Object.fromEntries(
    settingList.flatMap(([, setting]) =>
      setting.flag === undefined ? [] : [[setting.flag, flagOf(setting)]],
    ),
  ),
  [fileFlag]: {
    kind: 'repeatable',
    placeholder: 'foo',
    help: 'JSON file to read settings from. Later files win over earlier ones, flags over files.',
  },
  'config-dir': {
    kind: 'repeatable',
    into: fileFlag,
    placeholder: 'foo',
    help: 'Directory whose files ending in ".json" are read like -config-file, in alphabetical order.',
  },
};
