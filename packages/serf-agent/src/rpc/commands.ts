// The commands that only ask the agent something or tell it to do something, one line or a few each.
//
// A command that throws or rejects is answered with that error's text; a command that has a body in its reply
// must send one beside an error too, because clients wait for it. Upstream: cmd/serf/command/agent/ipc.go.
// Next: session.ts, who calls them; subscriptions.ts, for those that go on sending after their reply.

import { type Codec, encodeWith, MsgpackReader, rpcDialect } from '@reeve/bytes';
import type { Log } from '@reeve/runtime';
import type { KeyOutcome } from '@reeve/serf/core';
import { errorText } from '../error-text.ts';
import type { RpcAgent } from './agent-port.ts';
import { filterMembers, isEmptyFilter } from './member-filter.ts';
import { encodeMembers, type MembersBody } from './members-body.ts';
import type { Reply } from './reply.ts';
import type { Subscriptions } from './subscriptions.ts';
import { coordinateReply, joinReply, keyReply, statsReply } from './wire/replies.ts';
import {
  authRequest,
  coordinateRequest,
  eventRequest,
  forceLeaveRequest,
  handshakeRequest,
  type JoinRequest,
  joinRequest,
  keyRequest,
  type MembersFilteredRequest,
  membersFilteredRequest,
  monitorRequest,
  queryRequest,
  respondRequest,
  stopRequest,
  streamRequest,
  type TagsRequest,
  tagsRequest,
} from './wire/requests.ts';

/** What commands work on. */
export interface CommandContext {
  readonly agent: RpcAgent;
  readonly log: Log;
  readonly subscriptions: Subscriptions;
  readonly membersBody: MembersBody;
  readonly handshake: (version: number) => Reply;
  readonly authenticate: (key: string) => Reply;
}

/** A command whose body has been decoded, to be carried out. */
export type PreparedCommand = (context: CommandContext, seq: bigint) => Reply | Promise<Reply>;

/** A command, its request body still encoded. */
export interface Command {
  /** Whether the request has a body behind its header. */
  readonly hasBody: boolean;
  /** Decodes the body; throws only `DecodeError`. */
  readonly prepare: (body: Uint8Array) => PreparedCommand;
}

/** All commands by name. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['handshake', withBody(handshakeRequest, ({ handshake }, { version }) => handshake(version))],
  ['auth', withBody(authRequest, ({ authenticate }, { authKey }) => authenticate(authKey))],
  [
    'event',
    withBody(eventRequest, ({ agent }, { name, payload, coalesce }) => {
      agent.userEvent(name, payload ?? new Uint8Array(0), coalesce);
      return {};
    }),
  ],
  [
    'force-leave',
    withBody(forceLeaveRequest, ({ agent }, { node, prune }) => succeed(agent.forceLeave(node, prune))),
  ],
  ['join', withBody(joinRequest, join)],
  ['members', withoutBody(replyAllMembers)],
  ['members-filtered', withBody(membersFilteredRequest, membersFiltered)],
  ['tags', withBody(tagsRequest, ({ agent }, request) => succeed(agent.setTags(changeTags(agent, request))))],
  ['leave', withoutBody(leave)],
  ['install-key', withBody(keyRequest, ({ agent }, { key }) => changeKeys(agent.installKey(key)))],
  ['use-key', withBody(keyRequest, ({ agent }, { key }) => changeKeys(agent.useKey(key)))],
  ['remove-key', withBody(keyRequest, ({ agent }, { key }) => changeKeys(agent.removeKey(key)))],
  ['list-keys', withoutBody(async ({ agent }) => replyKeys(await agent.listKeys(), true))],
  ['stats', withoutBody(({ agent }) => ({ body: encodeWith(statsReply, rpcDialect, agent.stats()) }))],
  ['get-coordinate', withBody(coordinateRequest, ({ agent }, { node }) => replyCoordinate(agent, node))],
  ['stream', withBody(streamRequest, ({ subscriptions }, { type }, seq) => subscriptions.stream(seq, type))],
  [
    'monitor',
    withBody(monitorRequest, ({ subscriptions }, { logLevel }, seq) => subscriptions.monitor(seq, logLevel)),
  ],
  ['query', withBody(queryRequest, ({ subscriptions }, request, seq) => subscriptions.query(seq, request))],
  [
    'respond',
    withBody(respondRequest, ({ subscriptions }, { id, payload }) => subscriptions.respond(id, payload)),
  ],
  ['stop', withBody(stopRequest, ({ subscriptions }, { stop }) => subscriptions.stop(stop))],
]);

function withBody<T>(
  codec: Codec<T>,
  run: (context: CommandContext, request: T, seq: bigint) => Reply | Promise<Reply>,
): Command {
  return {
    hasBody: true,
    prepare(body) {
      const request = codec.decode(new MsgpackReader(body));
      return (context, seq) => run(context, request, seq);
    },
  };
}

function withoutBody(run: (context: CommandContext) => Reply | Promise<Reply>): Command {
  return { hasBody: false, prepare: () => run };
}

async function succeed(work: Promise<void>): Promise<Reply> {
  await work;
  return {};
}

async function join({ agent }: CommandContext, { existing, replay }: JoinRequest): Promise<Reply> {
  try {
    return replyJoin(await agent.join(existing ?? [], replay));
  } catch (error) {
    return { error: errorText(error), ...replyJoin(0) };
  }
}

function replyJoin(num: number): Reply {
  return { body: encodeWith(joinReply, rpcDialect, { num }) };
}

function replyAllMembers({ agent, membersBody }: CommandContext): Reply {
  return { body: membersBody.of(agent.members()) };
}

async function membersFiltered(context: CommandContext, request: MembersFilteredRequest): Promise<Reply> {
  if (isEmptyFilter(request)) return replyAllMembers(context);
  try {
    return { body: encodeMembers(await filterMembers(context.agent.members(), request)) };
  } catch (error) {
    // Upstream closes the connection without a word. A client that gets an error still waits for the body.
    return { error: errorText(error), body: encodeMembers([]) };
  }
}

/** A tag that is both deleted and set ends up set. */
function changeTags(agent: RpcAgent, { tags, deleteTags }: TagsRequest): ReadonlyMap<string, string> {
  const changed = new Map(agent.tags());
  for (const tag of deleteTags ?? []) changed.delete(tag);
  for (const [tag, value] of tags) changed.set(tag, value);
  return changed;
}

async function leave({ agent, log }: CommandContext): Promise<Reply> {
  log('info', 'agent.ipc: Graceful leave triggered');
  const shutdown = (): void => {
    agent.shutdown().catch((error) => log('err', `agent.ipc: shutdown failed: ${errorText(error)}`));
  };
  try {
    await agent.leave();
    return { afterwards: shutdown };
  } catch (error) {
    log('err', `agent.ipc: leave failed: ${errorText(error)}`);
    return { error: errorText(error), afterwards: shutdown };
  }
}

async function changeKeys(work: Promise<KeyOutcome>): Promise<Reply> {
  return replyKeys(await work, false);
}

function replyKeys({ response, error }: KeyOutcome, isListing: boolean): Reply {
  const body = encodeWith(keyReply, rpcDialect, {
    messages: response.messages,
    keys: isListing ? response.keys : null,
    numNodes: response.nodes,
    numErr: response.errors,
    numResp: response.responses,
  });
  return error === undefined ? { body } : { error: error.message, body };
}

function replyCoordinate(agent: RpcAgent, node: string): Reply {
  const known = agent.coordinate(node);
  const coord = known ?? { vec: null, error: 0, adjustment: 0, height: 0 };
  return { body: encodeWith(coordinateReply, rpcDialect, { coord, ok: known !== undefined }) };
}
