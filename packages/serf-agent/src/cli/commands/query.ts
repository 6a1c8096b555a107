// `serf query`: asks the cluster a question and prints who answers what.

import { decodeText, encodeText } from '@reeve/bytes';
import { CommandFailure, defineCommand, orFail, reportFailure, type Ui } from '@reeve/cli';
import type { QueryListener } from '../../rpc/client.ts';
import { orInterrupt } from '../interrupt.ts';
import { membersAsked } from '../members-asked.ts';
import { formatFlag, formatOutput } from '../output-format.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';
import { parseTags } from '../tag-arguments.ts';

/** The command. */
export const queryCommand = defineCommand({
  usage: 'serf query [options] name [payload]',
  about: [
    'Asks the members of the cluster a question, and prints the answers that arrive until the time is',
    'over. Exits with 0 even if nobody answers.',
  ].join(' '),
  flags: {
    ...formatFlag,
    node: { kind: 'repeatable', placeholder: 'name', help: 'Ask only this member.' },
    tag: {
      kind: 'repeatable',
      placeholder: 'key=regexp',
      help: 'Ask only members whose tag of that name matches somewhere.',
    },
    timeout: {
      kind: 'duration',
      help: 'How long to collect answers, as in "15s"; without, it depends on the size of the cluster.',
    },
    'no-ack': { kind: 'bool', help: 'Do not let members confirm that they have received the question.' },
    'relay-factor': {
      kind: 'int',
      placeholder: 'count',
      help: 'Through how many other members each answer is sent once more, 0 to 255.',
    },
    'until-answered': {
      kind: 'bool',
      help: 'Stop as soon as every member that is alive and asked has answered.',
    },
    ...rpcFlags,
  },
  run: (call) =>
    reportFailure(call.ui, async () => {
      const { args, ui, values } = call;
      const [name, payload] = args;
      const filterTags = parseTags(values.tag);
      if (name === undefined) return call.usageError('A query name must be specified.');
      if (args.length > 2) return call.usageError(tooMany);
      const relayFactor = values['relay-factor'];
      if (relayFactor < 0 || relayFactor > relayFactorMax) {
        throw new CommandFailure(`Relay factor must be between 0 and ${relayFactorMax}`);
      }
      const query = {
        filterNodes: values.node.length === 0 ? null : values.node,
        filterTags,
        requestAck: !values['no-ack'],
        relayFactor,
        timeoutNs: Math.round(values.timeout * nanosecondsPerMs),
        name,
        payload: payload === undefined ? null : encodeText(payload),
      };
      return talkToAgent(call, async (client) => {
        const printer = createPrinter(values.format, name, ui, query.requestAck);
        const awaited = values['until-answered']
          ? await membersAsked(await orFail('Error sending query', client.members()), query)
          : undefined;
        const answers = new Answers(printer, awaited);
        const ended = orFail('Error sending query', client.query(query, answers));
        const enough = Promise.race([ended, answers.complete]);
        if ((await orInterrupt(call.io.signals, enough)) === 'interrupted') return 1;
        printer.finish();
        return 0;
      });
    }),
});

interface Printer extends QueryListener {
  finish(): void;
}

/** Hands everything to the printer, and notices when nobody is awaited any more. */
class Answers implements QueryListener {
  /** Settles when all of `awaited` have answered; never without. */
  readonly complete: Promise<void>;
  readonly #printer: Printer;
  readonly #awaited: Set<string> | undefined;
  #onComplete: () => void = () => {};

  constructor(printer: Printer, awaited: Set<string> | undefined) {
    this.#printer = printer;
    this.#awaited = awaited;
    this.complete = new Promise((resolve) => {
      this.#onComplete = resolve;
    });
  }

  onStart(): void {
    this.#printer.onStart();
    this.#check();
  }

  onAck(from: string): void {
    this.#printer.onAck(from);
  }

  onResponse(from: string, payload: Uint8Array): void {
    this.#printer.onResponse(from, payload);
    this.#awaited?.delete(from);
    this.#check();
  }

  #check(): void {
    if (this.#awaited?.size === 0) this.#onComplete();
  }
}

function createPrinter(format: string, name: string, ui: Ui, hasAcks: boolean): Printer {
  if (format === 'json') return createJsonPrinter(ui);
  if (format === 'text') return createTextPrinter(name, ui, hasAcks);
  throw new CommandFailure(`Invalid format: ${format}`);
}

function createTextPrinter(name: string, ui: Ui, hasAcks: boolean): Printer {
  let acks = 0;
  let responses = 0;
  return {
    onStart: () => ui.output(`Query '${name}' dispatched`),
    onAck(from) {
      acks += 1;
      ui.info(`Ack from '${from}'`);
    },
    onResponse(from, payload) {
      responses += 1;
      ui.info(`Response from '${from}': ${decodeText(payload).replace(/\n$/, '')}`);
    },
    finish() {
      if (hasAcks) ui.output(`Total Acks: ${acks}`);
      ui.output(`Total Responses: ${responses}`);
    },
  };
}

/** Says nothing before the end. */
function createJsonPrinter(ui: Ui): Printer {
  const acks: string[] = [];
  const responses = new Map<string, string>();
  return {
    onStart() {},
    onAck: (from) => acks.push(from),
    onResponse: (from, payload) => responses.set(from, decodeText(payload)),
    finish() {
      const result = { Acks: acks.length === 0 ? null : acks, Responses: responses };
      ui.output(formatOutput('json', String, () => result));
    },
  };
}

const tooMany = 'Too many command line arguments. Only a name and payload must be specified.';
const relayFactorMax = 255;
const nanosecondsPerMs = 1e6;
