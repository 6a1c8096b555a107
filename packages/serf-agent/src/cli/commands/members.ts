// `serf members`: lists the members of the cluster.

import { formatIp } from '@reeve/bytes';
import { defineCommand, formatColumns, type JsonOutput, orFail, reportFailure, type Ui } from '@reeve/cli';
import { endpointText } from '@reeve/runtime';
import type { RpcMember } from '../../rpc/wire/member.ts';
import { formatFlag, formatOutput } from '../output-format.ts';
import { rpcFlags, talkToAgent } from '../rpc-call.ts';
import { parseTags } from '../tag-arguments.ts';

/** The command. */
export const membersCommand = defineCommand({
  usage: 'serf members [options]',
  about: [
    'Lists the members of the cluster with address, status and tags. Filters are RE2 expressions that the',
    'whole value has to match; several must all match.',
  ].join(' '),
  flags: {
    detailed: {
      kind: 'bool',
      help: 'Also print protocol versions. Changes nothing in JSON, which always has them.',
    },
    ...formatFlag,
    name: { kind: 'string', placeholder: 'regexp', help: 'Only members whose name matches.' },
    role: { kind: 'string', placeholder: 'regexp', help: 'The old way to write -tag role=regexp.' },
    status: {
      kind: 'string',
      placeholder: 'regexp',
      help: 'Only members whose status matches: alive, leaving, left or failed.',
    },
    tag: {
      kind: 'repeatable',
      placeholder: 'key=regexp',
      help: 'Only members whose tag of that name matches; a missing tag counts as empty.',
    },
    ...rpcFlags,
  },
  run: (call) =>
    reportFailure(call.ui, async () => {
      const { ui, values } = call;
      const tags = parseTags(tagWords(call.values.tag, values.role, ui));
      return talkToAgent(call, async (client) => {
        const filter = { tags, status: values.status, name: values.name };
        const members = await orFail('Error retrieving members', client.membersFiltered(filter));
        const text = (): string => formatTable(members, values.detailed);
        ui.output(formatOutput(values.format, text, () => toJson(members)));
        return 0;
      });
    }),
});

function tagWords(words: readonly string[], role: string, ui: Ui): readonly string[] {
  if (role === '') return words;
  ui.output("Deprecation warning: 'Role' has been replaced with 'Tags'");
  return [...words, `role=${role}`];
}

function formatTable(members: readonly RpcMember[], isDetailed: boolean): string {
  const lines = members.map((member) => {
    const tags = [...member.tags].map(([tag, value]) => `${tag}=${value}`).join(',');
    const cells = [member.name, addressText(member), member.status, tags];
    if (isDetailed) {
      cells.push(`Protocol Version: ${member.delegateCur}`);
      cells.push(`Available Protocol Range: [${member.delegateMin}, ${member.delegateMax}]`);
    }
    return cells.join('|'); // a `|` in a tag makes a column of its own, as upstream
  });
  return formatColumns(lines);
}

function toJson(members: readonly RpcMember[]): JsonOutput {
  const list = members.map((member) => ({
    name: member.name,
    addr: addressText(member),
    port: member.port,
    tags: member.tags,
    status: member.status,
    protocol: { max: member.delegateMax, min: member.delegateMin, version: member.delegateCur },
  }));
  return { members: list.length === 0 ? null : list };
}

function addressText({ address, port }: RpcMember): string {
  return endpointText({ host: formatIp(address) ?? '', port });
}
