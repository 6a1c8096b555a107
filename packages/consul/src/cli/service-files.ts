// Services that configuration files define, read as an agent would read them.
// Upstream: command/services/config.go, which loses the programs of script checks on the way.

import { CommandFailure, type Ui } from '@reeve/cli';
import { createDisk } from '@reeve/runtime/node';
import { thisHost } from '../config/host.ts';
import { loadConfig } from '../config/load.ts';
import type { ServiceRequest } from './service-request.ts';

/** The services of files and directories; warnings are told. @throws CommandFailure in Consul's words */
export async function readServiceFiles(paths: readonly string[], ui: Ui): Promise<readonly ServiceRequest[]> {
  try {
    // A configuration for development is complete without any files.
    const request = { paths, devMode: true, definitionsOnly: true };
    const { config, warnings } = await loadConfig(request, createDisk(), thisHost());
    for (const warning of warnings) ui.error(warning);
    return config.definitions.services;
  } catch (error) {
    throw new CommandFailure(`Error: ${(error as Error).message}`, { cause: error });
  }
}
