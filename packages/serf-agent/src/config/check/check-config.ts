// All that is wrong with a configuration, at once and without starting anything: for `serf validate`.
//
// Starting an agent tells the first problem only, in the words of the original. Here each rule looks by
// itself and goes on. Where the agent has a function that refuses, the rule asks that function, so that both
// agree. The rules look at this machine, too: its interfaces, files and programs; they bind, join and run
// nothing. Next: read-sources.ts, then the rules, a file for each subject.

import type { FlagTable, ParsedFlags } from '@reeve/cli';
import type { Disk, Network } from '@reeve/runtime';
import { checkAddresses } from './check-addresses.ts';
import { checkFiles } from './check-files.ts';
import { checkHandlers } from './check-handlers.ts';
import { checkSyslog } from './check-syslog.ts';
import { checkTogether } from './check-together.ts';
import { checkValues } from './check-values.ts';
import { type ConfigProblem, Findings } from './problem.ts';
import { readSources } from './read-sources.ts';

/** What is to be said about a configuration. */
export interface ConfigReport {
  /** Whether an agent would start with it, as far as can be told. */
  readonly isValid: boolean;
  /** The files that were read, in their order. */
  readonly files: readonly string[];
  /** Errors and warnings, by their subject. */
  readonly problems: readonly ConfigProblem[];
}

/** Looks at everything that the flags of an agent say and name. */
export async function checkConfig(
  flags: ParsedFlags<FlagTable>,
  disk: Disk,
  network: Network,
): Promise<ConfigReport> {
  const findings = new Findings();
  const read = await readSources(flags, disk, findings);
  checkValues(read, findings);
  checkTogether(read, findings);
  await checkAddresses(read, network, findings);
  await checkFiles(read, disk, findings);
  await checkHandlers(read, findings);
  await checkSyslog(read, findings);
  const { problems } = findings;
  return { isValid: !problems.some(({ severity }) => severity === 'error'), files: read.files, problems };
}
