// One round of failure detection: is the next node on the list alive? SWIM section 3.1; Lifeguard section
// IV-A (health, nacks); upstream: memberlist state.go (probe, probeNode). The steps of a round:
//   1. a ping by packet; an answer within probeTimeout and all is well
//   2. otherwise k others are asked to ping it, and we try a stream ourselves
//   3. any answer by packet until the interval ends is success; a stream alone is success with a warning
//   4. none: our own health is judged by the helpers' nacks, and the node is suspected
// One round at a time. Next: answer-ping.ts for the other side, suspect.ts for what follows.

import { parseIp } from '@reeve/bytes';
import { endpointText, type Timer } from '@reeve/runtime';
import type { Machine } from './machine.ts';
import type { KnownNode } from './node.ts';
import { doubtsItself } from './self-doubt.ts';
import { checksumProtocol, encodePackets, sendMessage, sendPacket } from './send.ts';
import { pingByStream } from './stream-ping.ts';
import { applySuspect } from './suspect.ts';
import {
  encodeMessage,
  type IndirectPing,
  indirectPingCodec,
  type Ping,
  pingCodec,
  type Suspect,
  suspectCodec,
} from './wire/messages.ts';

/** Walks the member table, a node a round. */
export class Prober {
  readonly #machine: Machine;
  #next = 0;
  #isTurnOfMet = false;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Probes the next node that should be probed; `done` when the round is over. */
  probeNext(done: () => void): void {
    const { met } = this.#machine;
    this.#isTurnOfMet = met.areFew && !this.#isTurnOfMet;
    const known = this.#isTurnOfMet ? met.next((node) => this.#isProbed(node)) : undefined;
    const node = known ?? this.#nextNode();
    if (node) new ProbeRound(this.#machine, node, done).begin();
    else done();
  }

  /** At most one full pass, so that a table of nothing but dead nodes is not walked for ever. */
  #nextNode(): KnownNode | undefined {
    const { table } = this.#machine;
    for (let checked = 0; checked < table.size; ) {
      const node = table.at(this.#next);
      if (!node) {
        this.#startRound();
        checked += 1;
        continue;
      }
      this.#next += 1;
      checked += 1;
      if (this.#isProbed(node)) return node;
    }
    return undefined;
  }

  #isProbed({ state, name }: KnownNode): boolean {
    return state !== 'dead' && state !== 'left' && !this.#machine.isSelf(name);
  }

  #startRound(): void {
    const { runtime, config, table } = this.#machine;
    const nowMs = runtime.clock.now();
    table.startRound((node) => {
      const gone = node.state === 'dead' || node.state === 'left';
      return gone && nowMs - node.stateChangedAtMs > config.gossipToTheDeadMs;
    });
    this.#next = 0;
  }
}

class ProbeRound {
  readonly #machine: Machine;
  readonly #node: KnownNode;
  /** What was known at the start: later news must not change what we accuse the node of. */
  readonly #incarnation: number;
  readonly #done: () => void;
  readonly #intervalMs: number;
  readonly #sequence: number;
  readonly #startedAtMs: number;
  readonly #stopsWithNode: () => void;
  #directProbeFails: Timer | undefined;
  #helpersAsked = false;
  #nacksExpected = 0;
  #nacks = 0;
  #reachedByStream = false;

  constructor(machine: Machine, node: KnownNode, done: () => void) {
    this.#machine = machine;
    this.#node = node;
    this.#incarnation = node.incarnation;
    this.#done = done;
    this.#intervalMs = machine.awareness.scale(machine.config.probeIntervalMs);
    this.#sequence = machine.nextSequence();
    this.#startedAtMs = machine.runtime.clock.now();
    this.#stopsWithNode = machine.underway.add(() => this.#directProbeFails?.cancel());
  }

  begin(): void {
    const { acks, config, runtime, awareness } = this.#machine;
    if (awareness.score > 0) runtime.metrics.count('memberlist.degraded.probe', 1);
    acks.expect(this.#sequence, this.#intervalMs, {
      onAck: (payload) => this.#onAck(payload),
      onNack: () => {
        this.#nacks += 1;
      },
      onTimeout: () => this.#onNoAck(),
    });
    // Not scaled by our health: waiting longer does not help a packet to get through.
    this.#directProbeFails = runtime.timers.after(config.probeTimeoutMs, () => {
      this.#machine.log('debug', `Failed ping: ${this.#node.name} (timeout reached)`);
      this.#askHelpers();
    });
    this.#sendPing();
  }

  #sendPing(): void {
    const node = this.#node;
    const message = encodeMessage('ping', pingCodec, this.#ping());
    if (node.state === 'alive' || !this.#machine.config.lifeguard.buddySystem) {
      return sendMessage(this.#machine, node, message, this.#failing('Failed to send ping'));
    }
    // A suspect is told so along with the ping, that it can refute as soon as possible.
    const suspicion = encodeMessage('suspect', suspectCodec, this.#accusation());
    const checksum = node.versions.pMax >= checksumProtocol;
    const onFailure = this.#failing(
      `Failed to send compound ping and suspect message to ${endpointText(node)}`,
    );
    for (const packet of encodePackets([message, suspicion])) {
      sendPacket(this.#machine, node, packet, checksum, onFailure);
    }
  }

  #failing(what: string): (error: Error) => void {
    return (error) => {
      this.#machine.log('err', `${what}: ${error.message}`);
      this.#askHelpers();
    };
  }

  /** Also called when sending failed, before or instead of the timeout; asks only once. */
  #askHelpers(): void {
    this.#directProbeFails?.cancel();
    if (this.#helpersAsked) return;
    this.#helpersAsked = true;
    const { config, table } = this.#machine;
    const helpers = table.pick(config.indirectChecks, (node) => {
      return node.state === 'alive' && node.name !== this.#node.name && !this.#machine.isSelf(node.name);
    });
    for (const helper of helpers) {
      const nack = config.lifeguard.nacks && helper.versions.pMax >= nackProtocol;
      if (nack) this.#nacksExpected += 1;
      const { host, port, name } = this.#node;
      const request: IndirectPing = {
        ...this.#ping(),
        target: parseIp(host) ?? noBytes,
        port,
        node: name,
        nack,
      };
      const message = encodeMessage('indirectPing', indirectPingCodec, request);
      sendMessage(this.#machine, helper, message, (error) => {
        this.#machine.log('err', `Failed to send indirect ping: ${error.message}`);
      });
    }
    this.#tryStream();
  }

  #tryStream(): void {
    if (this.#machine.config.disableStreamPings || this.#node.versions.pMax < streamPingProtocol) return;
    const elapsedMs = this.#machine.runtime.clock.now() - this.#startedAtMs;
    pingByStream(this.#machine, this.#node, this.#ping(), this.#intervalMs - elapsedMs, (outcome) => {
      if (outcome.ok) this.#reachedByStream = outcome.value;
      else this.#machine.log('err', `Failed fallback ping: ${outcome.error.message}`);
    });
  }

  #onAck(payload: Uint8Array | null): void {
    this.#machine.table.acquaint(this.#node);
    this.#machine.met.meet(this.#node);
    if (!this.#helpersAsked) {
      const rttMs = this.#machine.runtime.clock.now() - this.#startedAtMs;
      this.#machine.delegate.onPingComplete(this.#node, rttMs, payload ?? noBytes);
    }
    this.#finish(successDelta);
  }

  #onNoAck(): void {
    const { name } = this.#node;
    if (this.#reachedByStream) {
      const advice = 'network may be misconfigured';
      this.#machine.log('warn', `Was able to connect to ${name} but other probes failed, ${advice}`);
      return this.#finish(successDelta);
    }
    if (doubtsItself(this.#machine)) {
      this.#machine.log('debug', `Failed ping: ${name} (nobody else was heard either)`);
    } else {
      this.#machine.log('info', `Suspect ${name} has failed, no acks received`);
      applySuspect(this.#machine, this.#accusation());
    }
    this.#finish(this.#blame());
  }

  /**
   * Helpers that did not even nack are a sign that the fault is ours; without helpers every failure is. In a
   * crowd of nodes that never answered it is more likely that they do not exist, helpers included.
   */
  #blame(): number {
    const { met } = this.#machine;
    if (met.areFew && !met.has(this.#node)) return 0;
    return this.#nacksExpected > 0 ? Math.max(0, this.#nacksExpected - this.#nacks) : 1;
  }

  #finish(awarenessDelta: number): void {
    this.#stopsWithNode();
    this.#directProbeFails?.cancel();
    this.#machine.awareness.apply(awarenessDelta);
    this.#machine.runtime.metrics.sample(
      'memberlist.probeNode',
      this.#machine.runtime.clock.now() - this.#startedAtMs,
    );
    this.#done();
  }

  #ping(): Ping {
    const { advertised, config } = this.#machine;
    return {
      sequence: this.#sequence,
      node: this.#node.name,
      sourceAddress: parseIp(advertised.host) ?? noBytes,
      sourcePort: advertised.port,
      sourceNode: config.name,
    };
  }

  #accusation(): Suspect {
    return { incarnation: this.#incarnation, node: this.#node.name, from: this.#machine.config.name };
  }
}

const successDelta = -1;
/** Who understands these versions of the protocol answers pings on streams, and sends nacks. */
const streamPingProtocol = 3;
const nackProtocol = 4;
const noBytes = new Uint8Array(0);
