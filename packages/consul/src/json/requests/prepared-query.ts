// Prepared queries as clients send them, and what is wrong with them: the rest nobody can make yet.
// Upstream: agent/structs/prepared_query.go, agent/consul/prepared_query_endpoint.go (parseQuery).

import { parseDuration } from '@reeve/cli';
import { metadataProblem, type PreparedQuery } from '../../core/index.ts';
import { int, list, nilable, struct, text, truth } from '../decode.ts';
import { indexFields, textList, texts } from '../fields.ts';
import { checkId } from './records.ts';

/** A prepared query; null as it is sent for none. */
export const preparedQueryBody = nilable(
  struct<PreparedQuery>('PreparedQuery', {
    id: ['ID', text],
    name: ['Name', text],
    session: ['Session', text],
    token: ['Token', text],
    template: [
      'Template',
      struct('QueryTemplateOptions', {
        type: ['Type', text],
        regexp: ['Regexp', text],
        removeEmptyTags: ['RemoveEmptyTags', truth],
      }),
    ],
    service: [
      'Service',
      struct('ServiceQuery', {
        service: ['Service', text],
        failover: [
          'Failover',
          struct('QueryDatacenterOptions', {
            nearestN: ['NearestN', int],
            datacenters: ['Datacenters', textList],
          }),
        ],
        onlyPassing: ['OnlyPassing', truth],
        ignoreCheckIds: ['IgnoreCheckIDs', list(checkId, 'types.CheckID')],
        near: ['Near', text],
        tags: ['Tags', textList],
        nodeMeta: ['NodeMeta', texts],
        serviceMeta: ['ServiceMeta', texts],
        connect: ['Connect', truth],
      }),
    ],
    dns: ['DNS', struct('QueryDNSOptions', { ttl: ['TTL', text] })],
    ...indexFields,
  }),
);

/** What the original has against a query; undefined: nothing. */
export function preparedQueryProblem(query: PreparedQuery): string | undefined {
  const { name, template, session, token, service, dns } = query;
  if (name === '' && template.type === '' && session === '') return 'Must be bound to a session';
  if (token === redacted) {
    return `Bad Token '${token}', it looks like a query definition with a redacted token was submitted`;
  }
  if (service.service === '') return 'Must provide a Service name to query';
  const { nearestN } = service.failover;
  if (nearestN < 0) return `Bad NearestN '${nearestN}', must be >= 0`;
  return metadataProblem(service.nodeMeta) ?? ttlProblem(dns.ttl);
}

function ttlProblem(ttl: string): string | undefined {
  if (ttl === '') return undefined;
  try {
    const ttlMs = parseDuration(ttl);
    return ttlMs < 0 ? `DNS TTL '${BigInt(ttlMs * nsPerMs)}', must be >=0` : undefined;
  } catch (error) {
    return `Bad DNS TTL '${ttl}': ${(error as Error).message}`;
  }
}

const redacted = '<hidden>';
const nsPerMs = 1e6;
