// `serf validate`: reads a configuration as `serf agent` would and tells everything that is wrong with it,
// without starting anything. Not in the original. Next: config/check/check-config.ts.

import { defineCommand, type JsonOutput, reportFailure } from '@reeve/cli';
import { createDisk, createNetwork } from '@reeve/runtime/node';
import { type ConfigReport, checkConfig } from '../../config/check/check-config.ts';
import { placeText } from '../../config/check/problem.ts';
import { agentFlags } from '../../config/flags.ts';
import { formatFlag, formatOutput } from '../output-format.ts';

/** The command. */
export const validateCommand = defineCommand({
  usage: 'serf validate [options]',
  about: `Reads a configuration and tells everything that is wrong with it, with the file, the key and what
    to do about it. Takes the flags of "serf agent"; starts nothing, joins nobody and listens nowhere. It
    looks at this machine, too: its addresses, files, scripts and syslog. Ends with 1 if an agent would not
    start, with 0 otherwise, also when there are warnings. This command is Reeve's; the original has none
    like it.`,
  flags: { ...agentFlags, ...formatFlag },
  run: (call) =>
    reportFailure(call.ui, async () => {
      if (call.args.length > 0) {
        const words = call.args.join(' ');
        call.ui.error(`"${words}" is no flag: name files with -config-file=… and folders with -config-dir=…`);
        return 1;
      }
      const report = await checkConfig(call, createDisk(), createNetwork());
      call.ui.output(
        formatOutput(
          call.values.format,
          () => textOf(report),
          () => jsonOf(report),
        ),
      );
      return report.isValid ? 0 : 1;
    }),
});

// One line each, as compilers write them.
function textOf({ problems, files }: ConfigReport): string {
  const lines = problems.map(
    (found) => `${found.severity}: ${placeText(found)}: ${found.problem}. ${found.fix}`,
  );
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [counted(errors, 'error'), counted(problems.length - errors, 'warning')].join(', ');
  return [...lines, `${counts} in ${counted(files.length, 'file')} and the command line`].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function jsonOf({ isValid, files, problems }: ConfigReport): JsonOutput {
  return {
    valid: isValid,
    files,
    problems: problems.map(({ severity, source, key, problem, fix }) => ({
      severity,
      source,
      key,
      problem,
      fix,
    })),
  };
}
