// `serf swarm`: many members in one process, for development and load tests. Not in the original.
// Next: swarm/swarm.ts.

import { type CommandCall, defineCommand, type FlagValues, formatLogLine, SignalQueue } from '@reeve/cli';
import type { Log } from '@reeve/runtime';
import { errorText } from '../../error-text.ts';
import { invalidLogLevelText, isAtLeast, parseLogLevel } from '../../log/log-level.ts';
import { CensusTaker, censusJson, censusLine } from '../../swarm/census.ts';
import { checkOpenFiles } from '../../swarm/open-files.ts';
import { planSwarm, type SwarmPlan } from '../../swarm/plan.ts';
import { Swarm } from '../../swarm/swarm.ts';
import { formatFlag } from '../output-format.ts';
import { parseTags } from '../tag-arguments.ts';

const flags = {
  bind: {
    kind: 'string',
    default: '127.10.0.1',
    placeholder: 'address',
    help: `Where the first member listens; each further one has the next address, and all the same port.
      The default is one that all of Linux has.`,
  },
  ports: {
    kind: 'bool',
    help: `Let all members share the address of -bind and count up the port instead; port 0 is any. For
      systems on which 127.0.0.1 is the only address of this machine.`,
  },
  join: {
    kind: 'repeatable',
    placeholder: 'address',
    help: 'A member, with its port, of a cluster that the swarm is to join.',
  },
  acquainted: {
    kind: 'bool',
    help: `Let the members know each other from the start, as after having joined long ago: a thousand are
      there in seconds instead of minutes, and take far less memory.`,
  },
  tag: {
    kind: 'repeatable',
    placeholder: 'key=value',
    help: 'A tag of every member.',
  },
  profile: {
    kind: 'string',
    default: 'lan',
    placeholder: 'profile',
    help: 'The timing of gossip: lan, wan or local.',
  },
  'node-prefix': {
    kind: 'string',
    default: 'swarm-',
    placeholder: 'prefix',
    help: 'What the names of members begin with; a number follows.',
  },
  interval: { kind: 'duration', default: '2s', help: 'How often a line is printed.' },
  'log-level': {
    kind: 'string',
    placeholder: 'level',
    help: 'Print log lines of this level and graver ones, on standard error. Without it there are none.',
  },
  ...formatFlag,
} as const;

/** The command. */
export const swarmCommand = defineCommand({
  usage: 'serf swarm [options] count',
  about: `Runs that many members in one process, each with sockets of its own, and makes them one cluster: for
    development and load tests. To other members they are members like any other; they have no RPC port and
    run no event handlers. Prints a line at an interval: how many see all others, what they see, how busy the
    process is. An interrupt makes all of them leave, a second one ends at once. This command is Reeve's; the
    original has none like it.`,
  flags,
  async run(call) {
    try {
      return await runSwarm(call);
    } catch (error) {
      call.ui.error(errorText(error));
      return 1;
    }
  },
});

type SwarmCall = CommandCall<typeof flags>;

async function runSwarm(call: SwarmCall): Promise<number> {
  if (call.args.length !== 1) return call.usageError('Expects one argument: how many members to run');
  const plan = planOf(call.values, call.args[0] ?? '');
  const isJson = wantsJson(call.values.format);
  const log = createLog(call);
  checkOpenFiles(plan.members.length);
  const signals = new SignalQueue(call.io.signals, ['SIGINT', 'SIGTERM']);
  const swarm = await Swarm.start(plan, log);
  const taker = new CensusTaker(swarm);
  const report = (): void => call.ui.output((isJson ? censusJson : censusLine)(taker.count()));
  const reports = setInterval(report, Math.max(intervalMsMin, call.values.interval));
  try {
    const formed = swarm.form().then(report);
    await Promise.race([signals.next(), formed.then(() => new Promise<never>(() => {}))]);
    return await Promise.race([swarm.leave().then(() => 0), signals.next().then(() => 1)]);
  } finally {
    clearInterval(reports);
    await swarm.shutdown();
    signals.close();
  }
}

function planOf(values: FlagValues<typeof flags>, count: string): SwarmPlan {
  return planSwarm({
    count,
    bind: values.bind,
    samePlace: values.ports,
    namePrefix: values['node-prefix'],
    profile: values.profile,
    tags: parseTags(values.tag),
    join: values.join,
    acquainted: values.acquainted,
  });
}

function wantsJson(format: string): boolean {
  if (format === 'json' || format === 'text') return format === 'json';
  throw new Error(`Encoding error: Invalid output format "${format}"`);
}

function createLog({ values, io }: SwarmCall): Log {
  const wanted = values['log-level'];
  if (wanted === '') return () => {};
  const least = parseLogLevel(wanted);
  if (least === undefined) throw new Error(invalidLogLevelText(wanted));
  return (level, text) => {
    if (isAtLeast(level, least))
      io.stderr.write(`${formatLogLine(Date.now(), `[${level.toUpperCase()}] ${text}`)}\n`);
  };
}

const intervalMsMin = 100;
