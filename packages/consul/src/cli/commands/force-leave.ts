// `consul force-leave`: declares that a member is gone for good.

import { orFail } from '@reeve/cli';
import { consulCommand } from '../consul-command.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const forceLeaveCommand = consulCommand({
  usage: 'consul force-leave [options] name',
  about: [
    'Makes a failed member a left one, so that nobody tries to reach it again. A member that is alive comes',
    'back by itself.',
  ].join(' '),
  flags: {
    prune: { kind: 'bool', help: 'Remove it from the list of members at once.' },
    ...agentFlags,
  },
  async run(call) {
    const { args, values } = call;
    const [name] = args;
    if (name === undefined || args.length > 1)
      return call.usageError('A single node name must be specified to force leave.');
    const query = { prune: values.prune ? '1' : undefined };
    await orFail('Error force leaving', connect(call).ok('PUT', `/v1/agent/force-leave/${name}`, { query }));
    return 0;
  },
});
