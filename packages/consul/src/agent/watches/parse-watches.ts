// The watches of a configuration: what to ask, and whom to tell. Upstream: agent/agent.go (reloadWatches),
// agent/watch_handler.go (makeWatchPlan). Next: watches.ts.

import { goText, goType, isList, type JsonObject, type JsonValue } from '@reeve/cli';
import type { Log } from '@reeve/runtime';
import type { HttpHandlerConfig } from '../../watch/http-handler-config.ts';
import { parseWatch, type WatchPlan } from '../../watch/parse-watch.ts';
import { WatchParameters } from '../../watch/watch-parameters.ts';

/** Whom a watch tells: a program, a line for the shell, or somebody who listens to HTTP. */
export type WatchHandler =
  | { readonly kind: 'program'; readonly words: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string }
  | { readonly kind: 'http'; readonly config: HttpHandlerConfig };

/** A watch with its handler. */
export interface AgentWatch {
  readonly plan: WatchPlan;
  readonly handler: WatchHandler;
}

/** @throws Error in the original's words */
export function parseWatches(definitions: readonly JsonObject[], log: Log): readonly AgentWatch[] {
  return definitions.map((definition) => parseOne(definition, log));
}

function parseOne(definition: JsonObject, log: Log): AgentWatch {
  const { handler_type: handlerType = 'script', type = null } = definition;
  if (handlerType !== 'http' && handlerType !== 'script') {
    throw new Error(`Handler type '${asText(handlerType)}' not recognized`);
  }
  if (typeof type === 'string' && type.startsWith('connect_')) {
    throw new Error(`Watch type ${type} is not allowed in agent config`);
  }
  const parameters = new WatchParameters({ ...definition, handler_type: handlerType });
  const plan = planOf(parameters);
  return { plan, handler: handlerOf(plan, log) };
}

function planOf(parameters: WatchParameters): WatchPlan {
  try {
    return parseWatch(parameters, ['handler', 'args']);
  } catch (error) {
    throw new Error(`Failed to parse watch (${parameters.goSyntax()}): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function handlerOf({ setAside, httpHandler }: WatchPlan, log: Log): WatchHandler {
  const [line, args] = [setAside.get('handler'), setAside.get('args')];
  if (line !== undefined) log('warn', `agent: ${deprecatedHandler}`);
  if (line !== undefined && typeof line !== 'string') throw new Error('Watch handler must be a string');
  const words = args === undefined ? undefined : wordsOf(args);
  const handlers: readonly WatchHandler[] = [
    ...(line === undefined ? [] : [{ kind: 'shell', line } as const]),
    ...(words === undefined ? [] : [{ kind: 'program', words } as const]),
    ...(httpHandler === undefined ? [] : [{ kind: 'http', config: httpHandler } as const]),
  ];
  const [handler, second] = handlers;
  if (second !== undefined) throw new Error('Only one watch handler allowed');
  if (handler === undefined) throw new Error('Must define a watch handler');
  return handler;
}

function wordsOf(args: JsonValue): readonly string[] {
  if (typeof args === 'string') return [args];
  if (!isList(args)) throw new Error(noWords);
  return args.map((word) => {
    if (typeof word !== 'string') throw new Error(noWords);
    return word;
  });
}

/** Go's `%s`. */
function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : `%!s(${goType(value)}=${goText(value)})`;
}

const noWords = 'Watch args must be a list of strings';
const deprecatedHandler =
  "The 'handler' field in watches has been deprecated and replaced with the 'args' field." +
  ' See https://www.consul.io/docs/agent/watches.html';
