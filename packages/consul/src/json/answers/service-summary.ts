// Services as the web pages list them: all instances of one in a line. Upstream: agent/ui_endpoint.go.

import { compactJson, compareText } from '@reeve/cli';
import type { InstanceHealth } from '../../core/index.ts';

/** All services by name. Node checks count once for each instance. */
export function serviceSummaries(instances: readonly InstanceHealth[]): string {
  const byName = new Map<string, InstanceHealth[]>();
  for (const instance of instances) {
    const known = byName.get(instance.service.service);
    if (known === undefined) byName.set(instance.service.service, [instance]);
    else known.push(instance);
  }
  const names = [...byName.keys()].sort(compareText);
  return `[${names.map((name) => summaryJson(name, byName.get(name) ?? [])).join(',')}]`;
}

function summaryJson(name: string, instances: readonly InstanceHealth[]): string {
  const kind = instances.at(-1)?.service.kind ?? '';
  const checks = instances.flatMap((instance) => instance.checks);
  const count = (status: string) => checks.filter((check) => check.status === status).length;
  return compactJson({
    ...(kind === '' ? {} : { Kind: kind }),
    Name: name,
    Tags: unique(instances.flatMap(({ service }) => service.tags ?? [])),
    Nodes: instances.map(({ node }) => node.name).sort(compareText),
    InstanceCount: instances.length,
    ChecksPassing: count('passing'),
    ChecksWarning: count('warning'),
    ChecksCritical: count('critical'),
    ExternalSources: sourcesOf(instances),
    GatewayConfig: {},
  });
}

/** Where services were registered from, as their metadata says: `kubernetes`. */
function sourcesOf(instances: readonly InstanceHealth[]): readonly string[] | null {
  const sources = instances.map(({ service }) => service.meta?.get('external-source') ?? '');
  const all = [...new Set(sources)].filter((source) => source !== '');
  return all.length === 0 ? null : all;
}

function unique(texts: readonly string[]): readonly string[] | null {
  return texts.length === 0 ? null : [...new Set(texts)].sort(compareText);
}
