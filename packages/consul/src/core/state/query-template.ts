// Whether the template of a prepared query can be used: one that cannot is refused by every server, so we
// must refuse it, too. Upstream: agent/consul/prepared_query/template.go (Compile), which parses each text
// of the service as HIL and its regular expression as Go's.
//
// Of HIL what templates are made of is understood: variables and `match(1)` in `${…}`, `$$` for a dollar
// sign. Sums and texts inside of `${…}`, which HIL could have, are refused.

import type { PreparedQuery, ServiceQuery } from '../records/index.ts';

/** What is wrong with the template of a query; undefined: nothing. */
export function queryTemplateProblem({ template, service }: PreparedQuery): string | undefined {
  if (template.type !== 'name_prefix_match') return `Bad Template.Type '${template.type}'`;
  for (const [path, value] of textsOf(service)) {
    const problem = interpolationProblem(value);
    if (problem !== undefined) return `Bad format '${value}' in Service${path}: ${problem}`;
  }
  return isRegexp(template.regexp) ? undefined : `Bad Regexp: error parsing regexp: \`${template.regexp}\``;
}

function* textsOf(service: ServiceQuery): Generator<readonly [path: string, value: string]> {
  yield ['.Service', service.service];
  yield* (service.failover.datacenters ?? []).map(
    (name, i) => [`.Failover.Datacenters[${i}]`, name] as const,
  );
  yield* (service.ignoreCheckIds ?? []).map((id, i) => [`.IgnoreCheckIDs[${i}]`, id] as const);
  yield ['.Near', service.near];
  yield* (service.tags ?? []).map((tag, i) => [`.Tags[${i}]`, tag] as const);
  for (const [key, value] of service.nodeMeta ?? []) yield [`.NodeMeta[${key}]`, value];
  for (const [key, value] of service.serviceMeta ?? []) yield [`.ServiceMeta[${key}]`, value];
}

function interpolationProblem(value: string): string | undefined {
  const rest = value.replaceAll('$$', '').replaceAll(interpolation, '');
  return rest.includes('${') ? 'parse error: syntax error' : undefined;
}

/** Go's syntax is looked at as JavaScript's, less what Go has not, and with what it has more. */
function isRegexp(source: string): boolean {
  if (onlyInJavaScript.test(source)) return false;
  const here = source
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?[imsU-]+(:?)/g, '(?:')
    .replaceAll('\\z', '$');
  try {
    new RegExp(here.replaceAll('\\A', '^'));
    return true;
  } catch {
    return false;
  }
}

const interpolation = /\$\{\s*(?:name\.(?:full|prefix|suffix)|agent\.segment|match\(\s*\d+\s*\))\s*\}/g;
/** Looking around and back references. */
const onlyInJavaScript = /\(\?<?[=!]|\\[1-9]|\\k</;
