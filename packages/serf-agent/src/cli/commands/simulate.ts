// `serf simulate`: what settings will do, before a cluster runs with them. The real protocol runs on virtual
// time. Not in the original. Next: ../../simulate/plan.ts, and forecast/ of @reeve/sim.

import { open, writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommandFailure, defineCommand, reportFailure, type Writer } from '@reeve/cli';
import { createDisk } from '@reeve/runtime/node';
import { type Forecast, type ForecastOptions, forecast, forecastPage } from '@reeve/sim';
import { errorText } from '../../error-text.ts';
import { planFlags, readPlan } from '../../simulate/plan.ts';
import { factsOf, headingOf, jsonOf, textOf } from '../../simulate/report.ts';
import { formatFlag, formatOutput } from '../output-format.ts';

/** The command. */
export const simulateCommand = defineCommand({
  usage: 'serf simulate [options]',
  about: `Tells what settings will do, by simulating a cluster that runs with them: how fast news spreads
    among members, beside what the classic formula estimates, what members send, and how many are taken for
    failed although they are not. No agent is needed and nothing is sent; the members are simulated ones that
    run the protocol of "serf agent". This command is Reeve's; the original has none like it.`,
  flags: {
    ...planFlags,
    ...formatFlag,
    output: { kind: 'string', placeholder: 'file.html', help: 'Also write an HTML page with plots.' },
  },
  run: (call) =>
    reportFailure(call.ui, async () => {
      const { values, args } = call;
      if (args.length > 0) return call.usageError(`No arguments are expected: ${args.join(' ')}`);
      const plan = await readPlan(values, createDisk());
      checkFormat(values.format);
      if (values.output !== '') await checkWritable(values.output);
      const found = await simulate(plan.options, call.io.stderr);
      const heading = headingOf(found, plan.profileName);
      if (values.output !== '') await writeFile(values.output, forecastPage(found, heading, factsOf(found)));
      call.ui.output(
        formatOutput(
          values.format,
          () => textOf(found, plan.profileName),
          () => jsonOf(found, plan.profileName),
        ),
      );
      return 0;
    }),
});

/** Runs to the end, and says from time to time how far it is. Gives way, so that Ctrl-C ends it. */
async function simulate(options: ForecastOptions, progress: Writer): Promise<Forecast> {
  const running = forecast(options);
  const startMs = performance.now();
  let toldMs = startMs;
  for (;;) {
    const step = running.next();
    if (step.done) return step.value;
    const nowMs = performance.now();
    if (nowMs - toldMs >= progressEveryMs) {
      toldMs = nowMs;
      const { doneMs, totalMs } = step.value;
      const leftS = Math.ceil(((nowMs - startMs) * (totalMs - doneMs)) / doneMs / 1_000);
      const guess = doneMs === 0 ? '' : `, about ${leftS} s to go`;
      progress.write(`simulated ${doneMs / 1_000} of ${totalMs / 1_000} s${guess}\n`);
    }
    await nextTurn();
  }
}

/** Before anything takes long. */
function checkFormat(format: string): void {
  formatOutput(
    format,
    () => '',
    () => null,
  );
}

async function checkWritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a')).close();
  } catch (cause) {
    throw new CommandFailure(`-output: ${errorText(cause)}; name a file that can be written`, { cause });
  }
}

const progressEveryMs = 2_000;
