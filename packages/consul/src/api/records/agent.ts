// What an agent says of itself and of those it knows. Upstream: api/agent.go.
// Unknown fields are ignored, missing ones have Go's zero.

import { int, list, map, struct, text } from '../../json/decode.ts';
import { texts } from '../../json/fields.ts';

/** Upstream: AgentMember. */
export interface Member {
  readonly name: string;
  readonly addr: string;
  readonly port: number;
  readonly tags: ReadonlyMap<string, string> | null;
  readonly status: number;
}

/** The members that an agent knows. */
export const members = list(
  struct<Member>('AgentMember', {
    name: ['Name', text],
    addr: ['Addr', text],
    port: ['Port', int],
    tags: ['Tags', texts],
    status: ['Status', int],
  }),
  'api.AgentMember',
);

/** What an agent says of itself. */
export interface Self {
  readonly config: { readonly nodeName: string; readonly datacenter: string };
  readonly stats: ReadonlyMap<string, ReadonlyMap<string, string> | null> | null;
}

/** `/v1/agent/self`. */
export const self = struct<Self>('Self', {
  config: [
    'Config',
    struct<Self['config']>('Config', { nodeName: ['NodeName', text], datacenter: ['Datacenter', text] }),
  ],
  stats: ['Stats', map(texts, 'map[string]string')],
});
