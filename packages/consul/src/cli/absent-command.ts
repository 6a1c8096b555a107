// Commands that the original has and Reeve does not have: they say so.

import type { Command } from '@reeve/cli';

/** What `consul NAME` says. */
export function absentCommand(name: string): Command {
  const help = `Usage: consul ${name} ...\n\n  Reeve does not have this command.`;
  return {
    help,
    async run(_argv, { stderr }) {
      stderr.write(
        `Reeve does not have "consul ${name}". Everything else of Consul's is listed by: consul -h\n`,
      );
      return 1;
    },
  };
}
