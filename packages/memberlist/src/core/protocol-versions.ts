// Whether everybody understands everybody: the spoken versions of all nodes, theirs and ours, must lie in the
// range that all alive ones understand. Upstream: memberlist state.go (verifyProtocol), for the protocol and
// for the layer above alike. Quirk: missing versions count as 0 when they are checked, but not when the range
// is found.

import { decodeVersions } from './broadcast-alive.ts';
import { type MemberNode, nodeStates, type Versions } from './node.ts';
import type { PushPullNode } from './wire/messages.ts';

/** Which node cannot be understood by all, in the original's words; undefined when all is well. */
export function versionConflict(
  local: readonly MemberNode[],
  remote: readonly PushPullNode[],
): string | undefined {
  const understood = [
    ...remote.filter((node) => node.state === nodeStates.alive).map((node) => decodeVersions(node.versions)),
    ...local.filter((node) => node.state === 'alive').map((node) => node.versions),
  ].filter((versions) => versions !== undefined);
  const protocol = commonRange(understood, (versions) => [versions.pMin, versions.pMax]);
  const layerAbove = commonRange(understood, (versions) => [versions.dMin, versions.dMax]);
  const nodes = [
    ...remote.map((node) => ({ name: node.name, versions: decodeVersions(node.versions) })),
    ...local.map((node) => ({ name: node.name, versions: node.versions })),
  ];
  for (const { name, versions } of nodes) {
    const conflict =
      outside(protocol, versions?.pCur ?? 0, `Node '${name}' protocol version`) ??
      outside(layerAbove, versions?.dCur ?? 0, `Node '${name}' delegate protocol version`);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

type Range = readonly [min: number, max: number];

function commonRange(understood: readonly Versions[], rangeOf: (versions: Versions) => Range): Range {
  let commonMin = 0;
  let commonMax = 255;
  for (const versions of understood) {
    const [min, max] = rangeOf(versions);
    commonMin = Math.max(commonMin, min);
    commonMax = Math.min(commonMax, max);
  }
  return [commonMin, commonMax];
}

function outside([min, max]: Range, current: number, what: string): string | undefined {
  if (current >= min && current <= max) return undefined;
  return `${what} (${current}) is incompatible: [${min}, ${max}]`;
}
