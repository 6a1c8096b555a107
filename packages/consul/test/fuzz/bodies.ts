// What is fuzzed of bodies in JSON that change something: up to the entry of the log, and what it does.

import { DecodeError } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { applyCommand } from '../../dist/core/commands/apply-command.js';
import { StateError } from '../../dist/core/state/state-error.js';
import { StateStore } from '../../dist/core/state/state-store.js';
import { type Command, decodeCommand, encodeCommand } from '../../dist/core/wire/command.js';
import { readBody } from '../../dist/http/read-body.js';
import { Refusal } from '../../dist/http/refusal.js';
import { deregisterBody, registerBody } from '../../dist/json/requests/catalog.js';
import { sessionBody } from '../../dist/json/requests/session.js';
import { stepsBody, transactionStep } from '../../dist/json/requests/txn.js';

const token = '';
const datacenter = 'dc1';
const session = sessionBody('n1');

/** The command that a body asks for. */
const commandOf: readonly ((body: Uint8Array) => Command)[] = [
  (body) => {
    const { service, ...request } = readBody(body, registerBody);
    return { type: 'register', request: { ...request, service: service?.service ?? null } };
  },
  (body) => ({ type: 'deregister', request: readBody(body, deregisterBody) }),
  (body) => {
    const request = { datacenter, token, operation: 'create', session: readBody(body, session) };
    return { type: 'session', request };
  },
  (body) => {
    const bodies = readBody(body, stepsBody) ?? [];
    const steps = bodies
      .map((each) => transactionStep(each, datacenter))
      .filter((each) => each !== undefined);
    return { type: 'transaction', request: { datacenter, token, steps } };
  },
];

const node = '{"Node":"n1","Address":"1.2.3.4"}';
const service = '{"ID":"w","Service":"w","Port":80,"ModifyIndex":1}';
const seeds: readonly (readonly [kind: number, body: string])[] = [
  [0, '{"Node":"n1","Address":"1.2.3.4","NodeMeta":{"a":"b"},"Check":{"Name":"c","Status":"passing"}}'],
  [0, '{"Node":"n2","Service":{"Service":"w","Tags":["t"],"Weights":{"Passing":1}},"Checks":[]}'],
  [1, '{"Node":"n1","ServiceID":"w","CheckID":""}'],
  [2, '{"LockDelay":"15s","Name":"s","Node":"n1","Checks":["c"],"Behavior":"delete","TTL":"10s"}'],
  [2, '{"LockDelay":1000000000}'],
  [3, '[{"KV":{"Verb":"set","Key":"a","Value":"YQ==","Flags":42}},{"KV":{"Verb":"get","Key":"a"}}]'],
  [3, `[{"Node":{"Verb":"set","Node":${node}}},{"Check":{"Verb":"get","Check":{"CheckID":"c"}}}]`],
  [3, `[{"Service":{"Verb":"cas","Node":"n1","Service":${service}}}]`],
];

const bodies: FuzzTarget = {
  name: 'bodies that change something',
  promise: 'a damaged body is refused, or becomes an entry that every server can read and apply',
  seeds: seeds.map(([kind, body]) => Buffer.concat([Uint8Array.of(kind), Buffer.from(body)])),
  open: () => {
    const store = new StateStore({ clock: { now: () => 0 } });
    let index = 0;
    return {
      run: (input) => {
        const ask = commandOf[(input[0] ?? 0) % commandOf.length];
        if (ask === undefined) throw new Refusal(400, 'no kind');
        const entry = encodeCommand(ask(input.subarray(1)));
        decodeCommand(entry); // refused, as the server would (server/apply.ts)
        applyCommand(store, ++index, entry);
      },
    };
  },
  refuses: (error) => error instanceof Refusal || error instanceof DecodeError || error instanceof StateError,
};

/** All of them. */
export const bodyTargets: readonly FuzzTarget[] = [bodies];
