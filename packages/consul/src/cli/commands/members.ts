// `consul members`: lists the members that an agent knows.

import { compareText, formatTable, orFail } from '@reeve/cli';
import { endpointText } from '@reeve/runtime';
import { type Member, members } from '../../api/records/agent.ts';
import { consulCommand } from '../consul-command.ts';
import { compileFilter } from '../filters.ts';
import { agentFlags, connect } from '../http-flags.ts';

/** The command. */
export const membersCommand = consulCommand({
  usage: 'consul members [options]',
  about: 'Lists the members of the cluster as an agent sees them. None at all makes the exit code 2.',
  flags: {
    detailed: { kind: 'bool', help: 'Print all tags instead of the usual ones.' },
    segment: {
      kind: 'string',
      default: allSegments(),
      placeholder: 'name',
      help: 'Only members of a network segment; only the Enterprise edition has them.',
    },
    status: {
      kind: 'string',
      default: '.*',
      placeholder: 'regexp',
      help: 'Only members whose status matches: alive, leaving, left or failed.',
    },
    wan: { kind: 'bool', help: 'List the servers of all datacenters instead; only servers know them.' },
    ...agentFlags,
  },
  async run(call) {
    const { ui, values } = call;
    const hasStatus = values.status === '.*' ? () => true : await compileFilter('status', values.status);
    const client = connect(call);
    const query = { segment: values.segment, wan: values.wan ? '1' : undefined };
    const all = await orFail('Error retrieving members', client.get('/v1/agent/members', members, query));
    const shown = (all ?? []).map((member) => shownMember(member, values.segment));
    const matching = shown.filter(({ status }) => hasStatus(status)).sort(compareMembers);
    if (matching.length === 0) return 2;
    ui.output(formatTable(values.detailed ? detailedRows(matching) : rows(matching)));
    return 0;
  },
});

interface ShownMember {
  readonly name: string;
  readonly address: string;
  readonly status: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** With the segment in its tags, as it is to be shown. */
function shownMember(member: Member, segment: string): ShownMember {
  const tags = new Map(member.tags ?? []);
  if ((tags.get('segment') ?? '') === '') tags.set('segment', '<default>');
  if (segment === allSegments() && tags.get('role') === 'consul') tags.set('segment', '<all>');
  return {
    name: member.name,
    address: endpointText({ host: member.addr, port: member.port }),
    status: statuses[member.status] ?? 'none',
    tags,
  };
}

function compareMembers(a: ShownMember, b: ShownMember): number {
  const bySegment = compareText(a.tags.get('segment') ?? '', b.tags.get('segment') ?? '');
  return bySegment === 0 ? compareText(a.name, b.name) : bySegment;
}

function rows(members: readonly ShownMember[]): string[][] {
  const header = ['Node', 'Address', 'Status', 'Type', 'Build', 'Protocol', 'DC', 'Segment'];
  return [
    header,
    ...members.map((member) => [member.name, member.address, member.status, ...typeCells(member)]),
  ];
}

function typeCells({ tags }: ShownMember): string[] {
  const type = types.get(tags.get('role') ?? '');
  if (type === undefined) return ['unknown', '', '', '', ''];
  const build = tags.get('build') ?? '';
  const version = build === '' ? '< 0.3' : build.replace(/:.*$/s, '');
  return [type, version, ...['vsn', 'dc', 'segment'].map((tag) => tags.get(tag) ?? '')];
}

function detailedRows(members: readonly ShownMember[]): string[][] {
  const lines = members.map(({ name, address, status, tags }) => {
    const sorted = [...tags].sort(([a], [b]) => compareText(a, b));
    return [name, address, status, sorted.map(([tag, value]) => `${tag}=${value}`).join(',')];
  });
  return [['Node', 'Address', 'Status', 'Tags'], ...lines];
}

/** What asks for the members of all segments. */
function allSegments(): string {
  return '_all';
}

const statuses = ['none', 'alive', 'leaving', 'left', 'failed'];
const types = new Map([
  ['node', 'client'],
  ['consul', 'server'],
]);
