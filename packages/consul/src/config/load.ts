// The configuration of an agent, from all its sources. Later ones win: built-in settings, those of -dev,
// flags that are lists, files and directories in their order, all other flags, -hcl, what nobody can change.
// So of lists, the flags' items come first.
//
// Whatever the files hold, the end is a configuration or a ConfigError with one of the original's sentences.
// Upstream: agent/config/builder.go. Next: settings/settings.ts (keys), build/, validate.ts.

import { encodeText } from '@reeve/bytes';
import type { Disk } from '@reeve/runtime';
import { buildConfig } from './build/build-config.ts';
import { BuildContext, type Host } from './build/build-context.ts';
import { findDataDirectory } from './data-directory.ts';
import { type ConfigFormat, type DecodedSource, decodeSource } from './decode-source.ts';
import { readConfigFiles } from './files.ts';
import type { RuntimeConfig } from './runtime-config.ts';
import { type ConfigSettings, settings } from './settings/settings.ts';
import { defaultSettings, devFixedSettings, devSettings, fixedSettings } from './sources.ts';
import { validateConfig } from './validate.ts';
import { withoutEffect } from './without-effect.ts';

/** What is to be loaded. */
export interface ConfigRequest {
  /** Files and directories. */
  readonly paths: readonly string[];
  /** Of all files; undefined: as their names end. */
  readonly format?: ConfigFormat | undefined;
  readonly devMode?: boolean;
  /** For whom an agent's other keys do not matter, whether it heeds them or not. */
  readonly definitionsOnly?: boolean;
  /** What flags say that may be repeated. */
  readonly flagLists?: readonly ConfigSettings[];
  readonly flagValues?: readonly ConfigSettings[];
  /** Texts in HCL from the command line. */
  readonly hcl?: readonly string[];
}

/** A configuration that can be used. */
export interface LoadedConfig {
  readonly config: RuntimeConfig;
  /** What the operator should be told. */
  readonly warnings: readonly string[];
}

/** Reads, merges and checks all sources. @throws ConfigError whose message is for the operator */
export async function loadConfig(request: ConfigRequest, disk: Disk, host: Host): Promise<LoadedConfig> {
  const devMode = request.devMode ?? false;
  const { sources, warnings } = await readConfigFiles(request.paths, request.format, disk);
  const files = sources.map(decodeSource);
  const fragments = (request.hcl ?? []).map((text, index) =>
    decodeSource({ name: `flags-${index}.hcl`, format: 'hcl', bytes: encodeText(text) }),
  );
  const fromUser = [
    ...(request.flagLists ?? []),
    ...files.map(settingsOf),
    ...(request.flagValues ?? []),
    ...fragments.map(settingsOf),
  ];
  const given = merged([
    defaultSettings,
    ...(devMode ? [devSettings] : []),
    ...fromUser,
    fixedSettings,
    ...(devMode ? [devFixedSettings] : []),
  ]);
  const context = new BuildContext(host);
  context.warnings.push(...warnings, ...[...files, ...fragments].flatMap((source) => source.warnings));
  const config = buildConfig(given, devMode, context);
  validateConfig(config, await findDataDirectory(config), context);
  if (request.definitionsOnly !== true) context.warnings.push(...withoutEffect(merged(fromUser)));
  return { config: Object.freeze(config), warnings: context.warnings };
}

/** A source with its single service and check among the others. */
function settingsOf({ settings: { service, check, ...rest } }: DecodedSource): ConfigSettings {
  return {
    ...rest,
    ...(service === undefined ? {} : { services: [...(rest.services ?? []), service] }),
    ...(check === undefined ? {} : { checks: [...(rest.checks ?? []), check] }),
  };
}

function merged(sources: readonly ConfigSettings[]): ConfigSettings {
  return sources.reduce((earlier, later) => settings.merge(earlier, later), {});
}
