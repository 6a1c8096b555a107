// How servers reach each other.

export type { Connect } from './lane.ts';
export { isServerHost } from './receive-budget.ts';
export {
  connectByFirstByte,
  RaftTransport,
  type TransportHandler,
  type TransportOptions,
} from './transport.ts';
