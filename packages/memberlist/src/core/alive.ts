// A node is said to be alive. SWIM section 4.2; upstream: memberlist state.go (aliveNode).
// An alive message wins over anything with a lower incarnation, never over the same one. About ourselves it
// is either an echo or somebody's outdated belief, which we refute. A known name at another address is a
// conflict and changes nothing, unless its owner has left (or is long dead and reclaiming is allowed).
// Next: refute.ts, moved-node.ts.

import { equalBytes, formatIp, textByteLength } from '@reeve/bytes';
import type { Endpoint } from '@reeve/runtime';
import { decodeVersions, encodeVersions } from './broadcast-alive.ts';
import type { Machine } from './machine.ts';
import { checkMove } from './moved-node.ts';
import { type KnownNode, type MutableNode, metaBytesMax, nameBytesMax, nodeStates } from './node.ts';
import { speaksWith } from './protocol-versions.ts';
import { isInReach } from './reach.ts';
import { refute } from './refute.ts';
import { type Alive, aliveCodec, encodeMessage } from './wire/messages.ts';

/** How our own alive messages differ from received ones. */
export interface AliveOptions {
  /** It is our own word about ourselves (start, new meta): believe it instead of refuting it. */
  readonly ownWord?: boolean;
  /** We had asked the sender what it knows; others tell unasked, and may not tell us too much that is new. */
  readonly asked?: boolean;
  /** Nobody is where the node was before, so it may well be somewhere else. */
  readonly hasMoved?: boolean;
  /** The broadcast went out. */
  readonly finished?: () => void;
}

/** Applies an alive message. */
export function applyAlive(machine: Machine, alive: Alive, options: AliveOptions = {}): void {
  if (machine.leaving && machine.isSelf(alive.node)) return;
  const address = claimedAddress(machine, alive);
  if (!address || isVetoed(machine, alive, address)) return;
  const known = machine.table.get(alive.node);
  if (!options.ownWord && isOutOfReach(machine, known, alive, options)) return;
  const node = known ?? addNode(machine, alive, address, options);
  if (!node) return;
  if (options.asked) machine.table.acquaint(node);
  const moves = known !== undefined && !isAt(known, address);
  if (moves && !mayMove(machine, known, address)) return;
  if (moves && !options.hasMoved) return checkMove(machine, known, () => retell(machine, alive, options));
  const aboutSelf = machine.isSelf(node.name);
  if (aboutSelf ? alive.incarnation < node.incarnation : alive.incarnation <= node.incarnation && !moves)
    return;

  if (moves) logMove(machine, node, address);
  machine.suspicions.get(node.name)?.cancel();
  machine.suspicions.delete(node.name);
  if (aboutSelf && !options.ownWord) refuteUnlessEcho(machine, node, alive, address);
  else believe(machine, node, alive, address, options);
}

/** Once more, now that it is known that the node is not where it was. */
function retell(machine: Machine, alive: Alive, options: AliveOptions): void {
  applyAlive(machine, alive, { ...options, hasMoved: true });
}

function believe(
  machine: Machine,
  known: KnownNode,
  alive: Alive,
  address: Endpoint,
  options: AliveOptions,
): void {
  const node = machine.table.change(known);
  const wasGone = node.state === 'dead' || node.state === 'left';
  const metaChanged = !equalBytes(node.meta, alive.meta);
  node.versions = decodeVersions(alive.versions) ?? node.versions;
  node.incarnation = alive.incarnation;
  node.meta = alive.meta;
  node.host = address.host;
  node.port = address.port;
  if (node.state !== 'alive') {
    node.state = 'alive';
    node.stateChangedAtMs = machine.runtime.clock.now();
  }
  const versions = alive.versions.subarray(0, versionsBytes); // no more than we understand is passed on
  const message = encodeMessage('alive', aliveCodec, { ...alive, port: address.port, versions });
  machine.broadcasts.queue({ message, name: node.name, finished: options.finished });
  machine.runtime.metrics.count('memberlist.msg.alive', 1);
  if (wasGone) machine.delegate.onJoin(node);
  else if (metaChanged) machine.delegate.onUpdate(node);
}

/** After a restart others may hold our incarnation with what we were then; only the very same is an echo. */
function refuteUnlessEcho(machine: Machine, self: KnownNode, alive: Alive, address: Endpoint): void {
  const versions = encodeVersions(self.versions);
  const same = equalBytes(alive.meta, self.meta) && equalBytes(alive.versions, versions);
  if (same && alive.incarnation === self.incarnation) return;
  refute(machine, self, alive.incarnation);
  machine.runtime.metrics.count('memberlist.msg.alive', 1);
  const meta = `meta:(${goBytes(alive.meta)} VS ${goBytes(self.meta)})`;
  const vsn = `vsn:(${goBytes(alive.versions)} VS ${goBytes(versions)})`;
  machine.log('warn', `Refuting an alive message for '${self.name}' (${goAddress(address)}) ${meta}, ${vsn}`);
}

/** Where the node is said to be; undefined, and one log line, when the message cannot be true. */
function claimedAddress(machine: Machine, alive: Alive): Endpoint | undefined {
  const host = formatIp(alive.address);
  const port = alive.port === 0 ? machine.ownPort : alive.port;
  const flaw = flawOf(machine, alive, host);
  if (host !== undefined && flaw === undefined) return { host, port };
  const where = host === undefined ? '' : ` (${goAddress({ host, port })})`;
  machine.onBadInput('warn', `Ignoring an alive message for '${alive.node}'${where} because ${flaw}`);
  return undefined;
}

/**
 * Ours: a name of no or too many bytes, an address that is none, an oversized meta, and versions that we do
 * not understand; upstream believes these.
 */
function flawOf(machine: Machine, alive: Alive, host: string | undefined): string | undefined {
  const [pMin, pMax, pCur] = alive.versions;
  if (pMin !== undefined && pMax !== undefined && pCur !== undefined && (pMin === 0 || pMin > pMax)) {
    return `protocol version(s) are wrong: ${pMin} <= ${pCur} <= ${pMax} should be >0`;
  }
  if (alive.node === '') return 'the name is empty';
  if (textByteLength(alive.node) > nameBytesMax) return `its name is over ${nameBytesMax} bytes`;
  if (host === undefined) return `an address of ${alive.address.length} bytes is none`;
  if (alive.meta.length > metaBytesMax) return `its meta is over ${metaBytesMax} bytes`;
  // Believed, such a node would be the reason to refuse every state exchange: nobody could join any more.
  const { self } = machine;
  if (self && !speaksWith(self.versions, alive.versions)) return 'nobody here speaks its protocol version(s)';
  return undefined;
}

function isVetoed(machine: Machine, alive: Alive, address: Endpoint): boolean {
  const veto = machine.delegate.vetoAlive?.({ ...address, name: alive.node, meta: alive.meta });
  if (veto === undefined) return false;
  machine.log('warn', `ignoring alive message for '${alive.node}': ${veto}`);
  return true;
}

/** A new node starts as dead with incarnation 0, so that believing it is a join like any other. */
function addNode(
  machine: Machine,
  alive: Alive,
  address: Endpoint,
  { ownWord = false, asked = false }: AliveOptions,
): KnownNode | undefined {
  const { table, config } = machine;
  const stranger = !ownWord && !asked;
  if (table.full || (stranger && table.strangers >= config.limits.strangersMax)) {
    const flaw = table.full ? 'the member table is full' : 'there are too many that nobody knows';
    machine.onBadInput('warn', `Ignoring an alive message for '${alive.node}': ${flaw}`);
    return undefined;
  }
  const node: MutableNode = {
    name: alive.node,
    host: address.host,
    port: address.port,
    meta: alive.meta,
    versions: decodeVersions(alive.versions) ?? noVersions,
    state: 'dead',
    incarnation: 0,
    stateChangedAtMs: machine.runtime.clock.now(),
    stranger,
  };
  table.add(node);
  return node;
}

/** Who is lifted to the end of incarnations by a forgery could never contradict it. */
function isOutOfReach(
  machine: Machine,
  known: KnownNode | undefined,
  { node, incarnation }: Alive,
  { asked = false }: AliveOptions,
): boolean {
  if (isInReach(known?.incarnation ?? 0, incarnation, asked)) return false;
  const flaw = `nobody gets to incarnation ${incarnation}`;
  machine.onBadInput('warn', `Ignoring an alive message for '${node}' because ${flaw}`);
  machine.doubt();
  return true;
}

function isAt(node: Endpoint, address: Endpoint): boolean {
  return node.host === address.host && node.port === address.port;
}

/** Whether a known node may appear at another address; if not, that is a conflict. */
function mayMove(machine: Machine, node: KnownNode, address: Endpoint): boolean {
  const { deadNodeReclaimMs } = machine.config;
  const stateAgeMs = machine.runtime.clock.now() - node.stateChangedAtMs;
  const reclaimable = node.state === 'dead' && deadNodeReclaimMs > 0 && stateAgeMs > deadNodeReclaimMs;
  const from = goAddress(node);
  const to = goAddress(address);
  if (node.state === 'left' || reclaimable) return true;
  const oldState = nodeStates[node.state];
  const claims = `Mine: ${from} Theirs: ${to} Old state: ${oldState}`;
  machine.onBadInput('err', `Conflicting address for ${node.name}. ${claims}`);
  machine.delegate.onConflict(node, { ...address, name: node.name });
  return false;
}

function logMove(machine: Machine, node: KnownNode, address: Endpoint): void {
  const move = `from ${goAddress(node)} to ${goAddress(address)}`;
  machine.log('info', `Updating address for left or failed node ${node.name} ${move}`);
}

/** An address as upstream prints it: an IPv6 one without brackets. */
function goAddress({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** Bytes as Go prints them: `[255 128]`. */
function goBytes(bytes: Uint8Array): string {
  return `[${bytes.join(' ')}]`;
}

const versionsBytes = 6;
const noVersions = { pMin: 0, pMax: 0, pCur: 0, dMin: 0, dMax: 0, dCur: 0 };
