// The agent: who may do what over RPC, and which handler hears of which event.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of RPC and event handlers. */
export const agentFaults: readonly Fault[] = [
  ...faultsIn('packages/serf-agent/src/rpc/session.ts', [
    {
      name: 'any authentication token is accepted',
      original: 'if (!isSameSecret(key, this.#options.authKey)) return',
      replacement: 'if (false as boolean) return',
    },
    {
      name: 'commands are carried out without authentication',
      original: "if (!this.#hasAuth && name !== 'auth' && name !== 'handshake') {",
      replacement: 'if (false as boolean) {',
    },
    {
      name: 'commands are carried out before the handshake',
      original:
        "    if (!this.#hasHandshake && name !== 'handshake') return this.#refuse('Handshake required');\n",
      replacement: '',
    },
    {
      name: 'a client of another version is let in',
      original: "    if (version !== protocolVersion) return { error: 'Unsupported IPC version' };\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/rpc/members-body.ts', [
    {
      name: 'a member that changed is listed to clients as it was',
      original: 'some.every((member, at) => member === others[at])',
      replacement: 'some.every((member, at) => member.name === others[at]?.name)',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/rpc/subscriptions.ts', [
    {
      name: 'any number of records waits for a client that reads too slowly',
      original: 'if (subscription.waiting >= recordsMax && !subscription.isDone) {',
      replacement: 'if (false as boolean) {',
    },
    {
      name: 'a client answers a query after its deadline',
      original: 'if (query === undefined || query.deadlineMs <= this.#agent.now()) {',
      replacement: 'if (query === undefined) {',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/event-filter.ts', [
    {
      name: 'who asks for one user event gets all',
      original: "return filter.name === '' || !('name' in event) || filter.name === event.name;",
      replacement: 'return true;',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/rpc/member-filter.ts', [
    {
      name: 'members are found by what their names begin with',
      original: '$`);',
      replacement: '`);',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/event-handlers/standard-input.ts', [
    {
      name: 'a member forges lines of a handler with its name',
      original: ".replaceAll('\\n', '\\\\n')",
      replacement: '',
    },
    {
      name: 'a payload without a line end gets none',
      original: 'return concatBytes([payload, Uint8Array.of(lineEnd)]);',
      replacement: 'return payload;',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/event-handlers/majority-gate.ts', [
    {
      name: 'half of the members is a majority',
      original: 'return 2 * alive > known;',
      replacement: 'return 2 * alive >= known;',
    },
    {
      name: 'what is no longer true is acted on once there is a majority',
      original: 'const members = stillTrue(event, this.#host.members());',
      replacement: 'const members = event.members;',
    },
  ]),
  ...faultsIn('packages/serf-agent/src/event-handlers/handler-lane.ts', [
    {
      name: 'a query is tried again though nobody waits for the answer',
      original: " || event.kind === 'query'",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/script-queue.ts', [
    {
      name: 'a script is run for events that it is not for',
      original: 'this.#scripts.filter(({ filter }) => matchesEvent(filter, event))',
      replacement: 'this.#scripts',
    },
    {
      name: 'two scripts of the common queue run at a time',
      original: 'concurrency: 1,',
      replacement: 'concurrency: 2,',
    },
    {
      name: 'only the first script for an event is run',
      original: 'this.#runEach(others, event, self, done);',
      replacement: 'done();',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/event-queue.ts', [
    {
      name: 'a full queue that is to drop the oldest event drops the newest',
      original: "whenFull === 'drop-oldest' ? this.#waiting.shift() : this.#waiting.pop()",
      replacement: 'this.#waiting.pop()',
    },
    {
      name: 'of the events that wait the youngest is handled first',
      original: 'const event = this.#waiting.shift();',
      replacement: 'const event = this.#waiting.pop();',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/retry-join.ts', [
    {
      name: 'joining is given up one repetition too soon',
      original: 'number > repetitionsMax',
      replacement: 'number >= repetitionsMax',
    },
    {
      name: 'a failed join is repeated at once',
      original: 'timers.after(intervalMs, ',
      replacement: 'timers.after(0, ',
    },
    {
      name: 'who was told to stop joining goes on after the attempt under way',
      original: '      if (isStopped) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/agent-core.ts', [
    {
      name: 'changed tags are told to everybody and not kept',
      original: "if (tagsFile === '') return this.serf.setTags(tags, done);",
      replacement: 'if (true as boolean) return this.serf.setTags(tags, done);',
    },
    {
      name: 'tags that could not be kept are told to everybody',
      original: 'if (error === undefined) return this.serf.setTags(tags, done);',
      replacement: 'this.serf.setTags(tags, done);\n      if (error === undefined) return;',
    },
    {
      name: 'an agent outlives its node',
      original: '    this.shutdown(() => {});\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/shared-call.ts', [
    {
      name: 'who asks for a leave that goes on is told at once that it failed',
      original: '    if (this.#isMade) return;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/agent/restored-files.ts', [
    {
      name: 'the tags of the file are not restored',
      original: 'value: read.value ?? tags',
      replacement: 'value: tags',
    },
  ]),
];
