// A state store that is changed as raft changes it: by encoded commands, one index after the other.

import { applyCommand } from '../../dist/core/commands/apply-command.js';
import type { CommandAnswer } from '../../dist/core/commands/command-outcome.js';
import type {
  HealthCheck,
  KeyValue,
  NodeService,
  RegisterRequest,
  Session,
  TransactionStep,
} from '../../dist/core/records/index.js';
import { StateStore } from '../../dist/core/state/state-store.js';
import type { Tables } from '../../dist/core/state/tables.js';
import { Watch } from '../../dist/core/state/watch.js';
import { type Command, encodeCommand } from '../../dist/core/wire/command.js';
import { healthCheckCodec } from '../../dist/core/wire/health-check.js';
import { keyValueCodec, nodeCodec, sessionCodec } from '../../dist/core/wire/records.js';
import { serviceCodec } from '../../dist/core/wire/service.js';
import { deregisterRequestCodec, registerRequestCodec } from '../../dist/core/wire/write-requests.js';

const write = { datacenter: 'dc1', token: '' };

/** A session id for tests: the digit, many times. */
export function uuid(digit: number): string {
  return '00000000-0000-0000-0000-000000000000'.replaceAll('0', digit.toString(16));
}

/** A check of a node, passing and without more than that. */
export function check(parts: Partial<HealthCheck>): HealthCheck {
  const checkId = parts.checkId ?? 'serfHealth';
  return { ...healthCheckCodec.zero(), node: 'n1', checkId, name: checkId, status: 'passing', ...parts };
}

/** A service, by default with its name as id. */
export function service(name: string, parts: Partial<NodeService> = {}): NodeService {
  return { ...serviceCodec.zero(), id: name, service: name, tags: [], ...parts };
}

export class StateRig {
  now = 0;
  readonly tombstones: number[] = [];
  readonly store = new StateStore({
    clock: { now: () => this.now },
    onTombstone: (index) => this.tombstones.push(index),
  });
  /** The index of the last command. */
  index = 0;

  get tables(): Tables {
    return this.store.tables;
  }

  /** Applies a command and returns its answer; throws its error. */
  apply(command: Command): CommandAnswer {
    this.index++;
    const outcome = applyCommand(this.store, this.index, encodeCommand(command));
    if (!outcome.ok) throw new Error(outcome.error);
    return outcome.answer;
  }

  register(parts: Partial<RegisterRequest>): CommandAnswer {
    const request = { ...registerRequestCodec.zero(), ...write, node: 'n1', address: '10.0.0.1', ...parts };
    return this.apply({ type: 'register', request });
  }

  deregister(node: string, parts: { serviceId?: string; checkId?: string } = {}): CommandAnswer {
    const request = { ...deregisterRequestCodec.zero(), ...write, node, ...parts };
    return this.apply({ type: 'deregister', request });
  }

  key(operation: string, key: string, parts: Partial<KeyValue> & { text?: string } = {}): CommandAnswer {
    const { text = '', ...fields } = parts;
    const entry = { ...keyValueCodec.zero(), key, value: Buffer.from(text), ...fields };
    return this.apply({ type: 'keyValue', request: { ...write, operation, entry } });
  }

  session(operation: string, parts: Partial<Session>): CommandAnswer {
    const session = { ...sessionCodec.zero(), node: 'n1', ...parts };
    return this.apply({ type: 'session', request: { ...write, operation, session } });
  }

  transaction(...steps: readonly Partial<TransactionStep>[]): CommandAnswer {
    const none = { keyValue: null, intention: null, node: null, service: null, check: null, session: null };
    const request = { ...write, steps: steps.map((step) => ({ ...none, ...step })) };
    return this.apply({ type: 'transaction', request });
  }

  /** Asks a query as one that waits; `woken` says whether a change has woken it since. */
  ask<Answer extends { readonly index: number }>(
    query: (tables: Tables, watch: Watch) => Answer,
  ): { answer: Answer; woken: boolean } {
    const watch = new Watch();
    const asked = { answer: query(this.tables, watch), woken: false };
    this.store.watchers.wait(watch, () => {
      asked.woken = true;
    });
    return asked;
  }
}

/** A node as a transaction has it. */
export function node(name: string, parts: Partial<ReturnType<typeof nodeCodec.zero>> = {}) {
  return { ...nodeCodec.zero(), name, address: '10.0.0.9', ...parts };
}

/** A key as a transaction has it. */
export function keyValue(key: string, parts: Partial<KeyValue> = {}): KeyValue {
  return { ...keyValueCodec.zero(), key, ...parts };
}
