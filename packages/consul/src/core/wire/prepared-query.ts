// Prepared queries as msgpack. Upstream: agent/structs/prepared_query.go.

import { boolean, field, int64, nilable, nilableList, type StructCodec, struct, text } from '@reeve/bytes';
import type {
  PreparedQuery,
  PreparedQueryRequest,
  QueryFailover,
  QueryTemplate,
  ServiceQuery,
} from '../records/index.ts';
import { recordElementsMax } from './limits.ts';
import { nilableTexts, raftIndexFields } from './records.ts';
import { writeRequestFields } from './write-requests.ts';

const texts = nilableList(text, recordElementsMax);

const template = struct<QueryTemplate>({
  type: field('Type', text),
  regexp: field('Regexp', text),
  removeEmptyTags: field('RemoveEmptyTags', boolean),
});

const failover = struct<QueryFailover>({
  nearestN: field('NearestN', int64),
  datacenters: field('Datacenters', texts),
});

const service = struct<ServiceQuery>({
  service: field('Service', text),
  failover: field('Failover', failover),
  onlyPassing: field('OnlyPassing', boolean),
  ignoreCheckIds: field('IgnoreCheckIDs', texts),
  near: field('Near', text),
  tags: field('Tags', texts),
  nodeMeta: field('NodeMeta', nilableTexts),
  serviceMeta: field('ServiceMeta', nilableTexts),
  connect: field('Connect', boolean),
});

/** A prepared query. */
export const preparedQueryCodec: StructCodec<PreparedQuery> = struct<PreparedQuery>({
  id: field('ID', text),
  name: field('Name', text),
  session: field('Session', text),
  token: field('Token', text),
  template: field('Template', template),
  service: field('Service', service),
  dns: field('DNS', struct<PreparedQuery['dns']>({ ttl: field('TTL', text) })),
  ...raftIndexFields,
});

/** What is to become of one. */
export const preparedQueryRequestCodec: StructCodec<PreparedQueryRequest> = struct<PreparedQueryRequest>({
  datacenter: writeRequestFields.datacenter,
  operation: field('Op', text),
  query: field('Query', nilable(preparedQueryCodec)),
  token: writeRequestFields.token,
});
