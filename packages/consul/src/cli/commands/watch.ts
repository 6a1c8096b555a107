// `consul watch`: prints what is there now, or runs a command at every change.

import {
  type CommandCall,
  CommandFailure,
  compactJson,
  indentJson,
  type JsonOutput,
  orFail,
  quote,
  type Ui,
} from '@reeve/cli';
import { self } from '../../api/records/agent.ts';
import { parseWatch } from '../../watch/parse-watch.ts';
import { runWatch } from '../../watch/run-watch.ts';
import { WatchParameters } from '../../watch/watch-parameters.ts';
import type { WatchMark, WatchQuery } from '../../watch/watch-query.ts';
import { consulCommand } from '../consul-command.ts';
import { startHandler } from '../handler.ts';
import { connect, serverFlags } from '../http-flags.ts';
import { onShutdown } from '../shutdown.ts';

/** The command. */
export const watchCommand = consulCommand({
  usage: 'consul watch [options] [child...]',
  about: [
    'Prints what is there now as JSON and ends. With a command, runs it now and at every change, the JSON on',
    'its input and the index in CONSUL_INDEX, until it fails.',
  ].join(' '),
  flags: {
    type: { kind: 'string', help: 'What: key, keyprefix, services, nodes, service, checks or event.' },
    key: { kind: 'string', help: 'The key, for type key.' },
    name: { kind: 'string', help: 'Only events of this name, for type event.' },
    passingonly: {
      kind: 'string',
      placeholder: 'true|false',
      help: 'Only instances whose checks pass, for type service.',
    },
    prefix: { kind: 'string', help: 'How the keys begin, for type keyprefix.' },
    service: { kind: 'string', placeholder: 'name', help: 'The service, for types service and checks.' },
    shell: {
      kind: 'bool',
      default: true,
      help: 'Whether the command is run by a shell ($SHELL or /bin/sh).',
    },
    state: { kind: 'string', help: 'Only checks in this state, for type checks.' },
    tag: { kind: 'repeatable', placeholder: 'tag', help: 'Only instances with this tag, for type service.' },
    ...serverFlags,
  },
  async run(call) {
    const { args, io, ui, values } = call;
    if (values.type === '') return call.usageError('Watch type must be specified');
    const query = parseQuery(values);
    const client = connect(call, '');
    await orFail('Error querying Consul agent', client.get('/v1/agent/self', self));
    const shutdown = onShutdown(io.signals);
    const done = new AbortController();
    let exit = 0;
    await runWatch({
      client,
      query,
      stop: AbortSignal.any([shutdown, done.signal]),
      onError: (error, retryIn) => io.stderr.write(errorLine(values.type, error, retryIn)),
      onResult: async (result, mark) => {
        const isWell = args.length === 0 ? print(ui, result) : await runHandler(call, result, mark);
        if (args.length > 0 && isWell) return;
        exit = isWell ? 0 : 1;
        done.abort();
      },
    });
    return exit;
  },
});

type HandlerCaller = Pick<CommandCall<typeof serverFlags>, 'args' | 'io' | 'ui'> & {
  readonly values: { readonly shell: boolean };
};

interface WatchValues {
  readonly type: string;
  readonly key: string;
  readonly prefix: string;
  readonly service: string;
  readonly tag: readonly string[];
  readonly passingonly: string;
  readonly state: string;
  readonly name: string;
  readonly stale: boolean;
}

function parseQuery(values: WatchValues): WatchQuery {
  if (notInCli.has(values.type))
    throw new CommandFailure(`Type ${values.type} is not supported in the CLI tool`);
  try {
    const given = {
      type: values.type,
      key: values.key || undefined,
      prefix: values.prefix || undefined,
      service: values.service || undefined,
      tag: values.tag.length === 0 ? undefined : values.tag,
      passingonly: parseTruth(values.passingonly),
      state: values.state || undefined,
      name: values.name || undefined,
      stale: values.stale || undefined,
    };
    return parseWatch(new WatchParameters(given)).query;
  } catch (error) {
    throw new CommandFailure((error as Error).message, { cause: error });
  }
}

function parseTruth(text: string): boolean | undefined {
  if (text === '') return undefined;
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new Error(
    `Failed to parse passingonly flag: strconv.ParseBool: parsing ${quote(text)}: invalid syntax`,
  );
}

function print(ui: Ui, result: JsonOutput): boolean {
  ui.output(indentJson(compactJson(result), '    '));
  return true;
}

/** Whether the command has ended well. */
async function runHandler(
  { args, io, ui, values }: HandlerCaller,
  result: JsonOutput,
  mark: WatchMark,
): Promise<boolean> {
  try {
    const handler = await startHandler({
      words: args,
      hasShell: values.shell,
      env: { ...io.env, CONSUL_INDEX: String(mark) },
      signals: io.signals,
      input: { text: `${compactJson(result)}\n` },
    });
    const { failure } = await handler.ended;
    if (failure !== undefined) ui.error(`Error executing handler: ${failure}`);
    return failure === undefined;
  } catch (error) {
    ui.error(`Error starting handler: ${(error as Error).message}`);
    return false;
  }
}

function errorLine(type: string, error: Error, retryIn: string): string {
  const time = new Date().toISOString();
  const fields = `type=${type} error=${quote(error.message)} retry=${retryIn}`;
  return `${time} [ERROR] watch.watch: Watch errored: ${fields}\n`;
}

/** The service mesh's; the original knows them and refuses them here. */
const notInCli = new Set(['connect_roots', 'connect_leaf', 'agent_service']);
