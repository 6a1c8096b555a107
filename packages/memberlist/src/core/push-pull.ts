// The full exchange of state with one node: ours there, theirs back, both merged. Upstream: memberlist net.go
// (sendAndReceiveState, sendLocalState), state.go (pushPullNode). Repairs what gossip missed, and is how one
// joins.
// Quirk: who is asked answers before it merges, so the asker gets a full answer even from one who then
// refuses.
// Next: merge.ts; inbound-stream.ts for the side that is asked.

import { type Endpoint, endpointText } from '@reeve/runtime';
import { aliveMessage } from './broadcast-alive.ts';
import type { Machine } from './machine.ts';
import { mergePushPull } from './merge.ts';
import { nodeStates } from './node.ts';
import { exchangeByStream, peersError } from './stream-exchange.ts';
import { messageTypes } from './wire/message-types.ts';
import { encodePushPull, type StreamMessage, typeByteOf } from './wire/stream-message.ts';

/** Whom to exchange with; the name, if known, is only for the log. */
export interface PushPullPartner extends Endpoint {
  readonly name: string;
}

/** Exchanges state; `done` with an error in the original's words, or without one. */
export function pushPullWith(
  machine: Machine,
  partner: PushPullPartner,
  join: boolean,
  done: (error?: Error) => void,
): void {
  const { streamTimeoutMs } = machine.config;
  const startedAtMs = machine.runtime.clock.now();
  exchangeByStream(machine, partner, {
    connectMs: streamTimeoutMs,
    answerMs: () => streamTimeoutMs,
    request() {
      machine.log('debug', `Initiating push/pull sync with: ${partner.name} ${endpointText(partner)}`);
      return localState(machine, join);
    },
    done(result) {
      machine.runtime.metrics.sample('memberlist.pushPullNode', machine.runtime.clock.now() - startedAtMs);
      if (!result.ok) return done(result.error);
      machine.answers.take(takeAnswer(machine, partner, result.value, join, done));
    },
  });
}

/** Our whole state as a push/pull message. */
export function localState(machine: Machine, join: boolean): Uint8Array {
  const nodes = machine.table.nodes.map((node) => {
    const { incarnation, address, port, meta, versions } = aliveMessage(node);
    return { name: node.name, address, port, meta, incarnation, state: nodeStates[node.state], versions };
  });
  const message = encodePushPull({ join, nodes, userState: machine.delegate.localState(join) });
  measureState(machine, message);
  return message;
}

/** Exchanges with one random alive node, if there is one. */
export function pushPullWithRandom(machine: Machine, done: () => void): void {
  // Upstream has a timer of its own for this, of the same 30 s in a LAN.
  machine.runtime.metrics.sample('memberlist.queue.broadcasts', machine.broadcasts.size);
  const [partner] = machine.table.pick(1, (node) => node.state === 'alive' && !machine.isSelf(node.name));
  if (!partner) return done();
  const { name } = partner;
  pushPullWith(machine, partner, false, (error) => {
    if (error) machine.log('err', `Push/Pull with ${name} failed: ${error.message}`);
    done();
  });
}

function measureState({ runtime: { metrics }, table }: Machine, message: Uint8Array): void {
  metrics.gauge('memberlist.size.local', message.length);
  const counts = new Map(Object.keys(nodeStates).map((state) => [state, 0]));
  for (const { state } of table.nodes) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const [state, count] of counts) metrics.gauge(`memberlist.node.instances.${state}`, count);
}

function* takeAnswer(
  machine: Machine,
  partner: PushPullPartner,
  answer: StreamMessage,
  join: boolean,
  done: (error?: Error) => void,
): Generator<void, void> {
  if (answer.type === 'error') return done(peersError(`remote error: ${answer.error}`));
  if (answer.type !== 'pushPull') {
    const expected = `expected pushPullMsg (${messageTypes.pushPull})`;
    const from = `from=${endpointText(partner)}`;
    return done(new Error(`received invalid msgType (${typeByteOf(answer)}), ${expected} ${from}`));
  }
  const refusal = yield* mergePushPull(machine, answer.pushPull, join, true);
  const node = machine.table.nodes.find(({ host, port }) => host === partner.host && port === partner.port);
  if (node) machine.met.meet(node);
  done(refusal === undefined ? undefined : peersError(refusal));
}
