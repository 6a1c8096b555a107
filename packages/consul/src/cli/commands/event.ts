// `consul event`: sends a user event.

import { encodeText } from '@reeve/bytes';
import { orFail } from '@reeve/cli';
import { self } from '../../api/records/agent.ts';
import { withId } from '../../api/records/with-id.ts';
import { decodeJson } from '../../json/decode.ts';
import { consulCommand } from '../consul-command.ts';
import { checkFilters, filterArguments, filterFlags } from '../filters.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const eventCommand = consulCommand({
  usage: 'consul event [options] [payload]',
  about: 'Sends an event with a name, and a payload if you like, to all nodes or some of them.',
  flags: {
    name: { kind: 'string', help: 'The name of the event.' },
    ...filterFlags,
    ...agentFlags,
  },
  async run(call) {
    const { args, ui, values } = call;
    if (values.name === '') return call.usageError('Event name must be specified');
    await checkFilters(values);
    const [payload] = args;
    if (args.length > 1) return call.usageError('Too many command line arguments.');
    const client = connect(call);
    await orFail('Error querying Consul agent', client.get('/v1/agent/self', self));
    const body = payload === undefined ? undefined : encodeText(payload);
    const fired = client.ok('PUT', `/v1/event/fire/${values.name}`, { query: filterArguments(values), body });
    const answer = await orFail('Error firing event', fired);
    ui.output(`Event ID: ${decodeJson(answer.body, withId).id}`);
    return 0;
  },
});
