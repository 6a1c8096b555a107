// `consul exec`: runs a command on many nodes. The job lies in the key/value store, an event tells the
// agents, and they answer with keys. Upstream: command/exec/exec.go. Next: ../exec-job.ts, exec-results.ts.

import { encodeBase64 } from '@reeve/bytes';
import { type CommandCall, CommandFailure, compactJson, type FlagTable, orFail } from '@reeve/cli';
import { self } from '../../api/records/agent.ts';
import { consulCommand } from '../consul-command.ts';
import { ExecJob } from '../exec-job.ts';
import { followJob } from '../exec-results.ts';
import { checkFilters, filterArguments, filterFlags } from '../filters.ts';
import { connect, serverFlags } from '../http-flags.ts';
import { readInput } from '../input.ts';
import { aborted, onShutdown } from '../shutdown.ts';

const execFlags = {
  ...filterFlags,
  prefix: { kind: 'string', default: '_rexec', help: 'Where in the key/value store the job lies.' },
  shell: { kind: 'bool', default: true, help: 'Whether the command is run by a shell.' },
  verbose: { kind: 'bool', help: 'Say what is going on.' },
  wait: { kind: 'duration', default: '2s', help: 'End when nobody has said anything for so long.' },
  'wait-repl': {
    kind: 'duration',
    default: '200ms',
    help: 'Let the servers replicate the job for so long before the agents are told.',
  },
  ...serverFlags,
} as const satisfies FlagTable;

/** The command. */
export const execCommand = consulCommand({
  usage: 'consul exec [options] [-|command...]',
  about: [
    'Runs a command on nodes that allow it (disable_remote_exec is false there) and prints what they say. A',
    'dash stands for a script that comes in.',
  ].join(' '),
  flags: execFlags,
  async run(call) {
    const { io, ui, values } = call;
    const spec = await readSpec(call);
    if (spec === undefined) return call.usageError('Must specify a command to execute');
    await checkFilters(values);
    const client = connect(call);
    const { config } = await orFail('Error querying Consul agent', client.get('/v1/agent/self', self));
    const say = values.verbose ? (message: string) => ui.info(message) : () => {};
    const stop = onShutdown(io.signals);
    const foreign = values.datacenter !== '' && values.datacenter !== config.datacenter;
    if (foreign) say('Remote exec in foreign datacenter, using Session TTL');
    const job = new ExecJob(client, values.prefix, (message) => ui.error(message));
    const home = foreign ? { from: config, datacenter: values.datacenter, say } : undefined;
    await orFail('Failed to create session', job.createSession(home));
    try {
      say(`Created remote execution session: ${job.session}`);
      await orFail('Failed to create job file', job.upload(compactJson(spec)));
      say('Uploaded remote execution spec');
      await Promise.race([aborted(stop), new Promise((resolve) => setTimeout(resolve, values['wait-repl']))]);
      if (stop.aborted) return 1;
      const id = await orFail('Failed to fire event', job.fire(filterArguments(values)));
      say(`Fired remote execution event: ${id}`);
      return await followJob({ client, job, ui, waitMs: values.wait, isVerbose: values.verbose, stop });
    } finally {
      await job.remove();
    }
  },
});

/** What agents are to run, as they read it; undefined for nothing. */
async function readSpec({ args, values }: CommandCall<typeof execFlags>) {
  const command = args.join(' ');
  const wait = BigInt(Math.round(values.wait * nsPerMs));
  if (command === '-') {
    if (!values.shell) throw new CommandFailure('Cannot configure -shell=false when reading from stdin');
    const script = await readInput();
    return script.length === 0 ? undefined : { Script: encodeBase64(script), Wait: wait };
  }
  if (args.length === 0 || (values.shell && command === '')) return undefined;
  return values.shell ? { Command: command, Wait: wait } : { Args: args, Wait: wait };
}

const nsPerMs = 1e6;
