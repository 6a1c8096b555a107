// @reeve/handler-api: what an event handler for the serf agent is, for people who write one as a module.
// Guide: docs/guides/handlers.md. Start at handler.ts.

export type { HandlerEvent, Member, MemberEvent, QueryEvent, UserEvent } from './events.ts';
export {
  defineHandler,
  type Handler,
  type HandlerContext,
  type HandlerLog,
  type SetupContext,
} from './handler.ts';
