// `serf tags`: changes the tags of a running agent.

import { defineCommand, orFail } from '@reeve/cli';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';
import { parseTags } from '../tag-arguments.ts';

/** The command. */
export const tagsCommand = defineCommand({
  usage: 'serf tags [options]',
  about: 'Changes the tags of a running agent; the cluster learns of it.',
  flags: {
    set: { kind: 'repeatable', placeholder: 'key=value', help: 'Create a tag or change its value.' },
    delete: { kind: 'repeatable', placeholder: 'key', help: 'Remove a tag, if it is there.' },
    ...rpcFlags,
  },
  async run(call) {
    const { ui, values } = call;
    if (values.set.length === 0 && values.delete.length === 0) {
      ui.output(call.help);
      return 1;
    }
    return talkToAgent(call, async (client) => {
      await orFail('Error setting tags', client.updateTags(parseTags(values.set), values.delete));
      ui.output('Successfully updated agent tags');
      return 0;
    });
  },
});
