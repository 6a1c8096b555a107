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
  const theirs = remote.map(({ name, state, versions }) => {
    return { name, isAlive: state === nodeStates.alive, versions: decodeVersions(versions) };
  });
  const understood = new CommonVersions();
  for (const { isAlive, versions } of theirs) if (isAlive && versions) understood.narrow(versions);
  for (const { state, versions } of local) if (state === 'alive') understood.narrow(versions);
  for (const nodes of [theirs, local]) {
    for (const { name, versions } of nodes) {
      const conflict = understood.conflictOf(name, versions);
      if (conflict !== undefined) return conflict;
    }
  }
  return undefined;
}

/** Whether a node and one that announces this version vector understand what the other speaks. */
export function speaksWith(own: Versions, vector: Uint8Array): boolean {
  const theirs = decodeVersions(vector);
  if (!theirs) return false;
  const protocol = areSpoken([own.pMin, own.pMax, own.pCur], [theirs.pMin, theirs.pMax, theirs.pCur]);
  return protocol && areSpoken([own.dMin, own.dMax, own.dCur], [theirs.dMin, theirs.dMax, theirs.dCur]);
}

type Spoken = readonly [min: number, max: number, current: number];

function areSpoken(own: Spoken, theirs: Spoken): boolean {
  return understands(own, theirs) && understands(theirs, own);
}

function understands([min, max]: Spoken, [, , spoken]: Spoken): boolean {
  return spoken >= min && spoken <= max;
}

/** The versions that all understand, of the protocol and of the layer above. */
class CommonVersions {
  #pMin = 0;
  #pMax = 255;
  #dMin = 0;
  #dMax = 255;

  /** Somebody understands these. */
  narrow({ pMin, pMax, dMin, dMax }: Versions): void {
    this.#pMin = Math.max(this.#pMin, pMin);
    this.#pMax = Math.min(this.#pMax, pMax);
    this.#dMin = Math.max(this.#dMin, dMin);
    this.#dMax = Math.min(this.#dMax, dMax);
  }

  /** What a node speaks that not all understand. */
  conflictOf(name: string, versions: Versions | undefined): string | undefined {
    const { pCur = 0, dCur = 0 } = versions ?? {};
    if (pCur < this.#pMin || pCur > this.#pMax) {
      return `Node '${name}' protocol version (${pCur}) is incompatible: [${this.#pMin}, ${this.#pMax}]`;
    }
    if (dCur < this.#dMin || dCur > this.#dMax) {
      const range = `[${this.#dMin}, ${this.#dMax}]`;
      return `Node '${name}' delegate protocol version (${dCur}) is incompatible: ${range}`;
    }
    return undefined;
  }
}
