// The pure core of Consul's servers: no Node, no clock, no promises.

export { applyCommand, UnknownCommandError } from './commands/apply-command.ts';
export { type CommandEntry, entriesOf } from './commands/command-entries.ts';
export type { CommandAnswer, CommandOutcome } from './commands/command-outcome.ts';
export { readTransaction } from './commands/transaction.ts';
export { compileFilter } from './filter/filter.ts';
export {
  checkShape,
  instanceHealthShape,
  instanceShape,
  nodeDumpShape,
  nodeShape,
  serviceShape,
} from './filter/record-shapes.ts';
export type { Decide, Shape } from './filter/shapes.ts';
export { parseAddress } from './records/address.ts';
export { serfHealth } from './records/health-check.ts';
export type {
  AutopilotConfig,
  AutopilotRequest,
  DeregisterRequest,
  HealthCheck,
  HealthCheckDefinition,
  InstanceHealth,
  KeyOperation,
  KeyValue,
  KeyValueRequest,
  Node,
  NodeCoordinate,
  NodeService,
  PreparedQuery,
  RaftIndex,
  ReceivedEvent,
  RegisterRequest,
  ServiceAddress,
  ServiceCheckBinding,
  ServiceInstance,
  Session,
  SessionBehavior,
  SessionRequest,
  TextMap,
  Tombstone,
  TombstoneRequest,
  TransactionError,
  TransactionRequest,
  TransactionResponse,
  TransactionResult,
  TransactionStep,
  UserEvent,
  Weights,
  WriteRequest,
} from './records/index.ts';
export { consulService, evenWeights, weightMax } from './records/service.ts';
export { StateReader } from './snapshot/state-reader.ts';
export { writeState } from './snapshot/state-writer.ts';
export { metadataProblem, serviceMetadataProblem } from './state/metadata.ts';
export { uuidProblem } from './state/nodes.ts';
export { readAutopilot } from './state/queries/autopilot.ts';
export { listChecksIn, listChecksOf, listChecksOn } from './state/queries/checks.ts';
export { listCoordinates, listCoordinatesOf } from './state/queries/coordinates.ts';
export type { Indexed } from './state/queries/indexed.ts';
export { listKeys, readKey } from './state/queries/key-values.ts';
export {
  dumpNode,
  dumpNodes,
  listNodes,
  type NodeDump,
  type NodeServices,
  readNode,
  readNodeServices,
} from './state/queries/nodes.ts';
export {
  dumpServices,
  listCheckedInstances,
  listInstances,
  listInstancesAt,
  listMeshInstances,
  listServices,
} from './state/queries/services.ts';
export { listSessions, listSessionsOn, readSession } from './state/queries/sessions.ts';
export { same, sameRecord } from './state/same.ts';
export { StateError } from './state/state-error.ts';
export { StateStore, type StateStoreOptions } from './state/state-store.ts';
export type { Tables } from './state/tables.ts';
export { Watch } from './state/watch.ts';
export type { Watchers } from './state/watchers.ts';
export { ConsulStateMachine, type StateMachineOptions } from './state-machine.ts';
export { type Command, decodeCommand, encodeCommand } from './wire/command.ts';
export { type GoTime, goTimeCodec, neverTime } from './wire/go-time.ts';
export { healthCheckCodec, noDefinition } from './wire/health-check.ts';
export {
  autopilotConfigCodec,
  keyValueCodec,
  nilableTexts,
  nodeCodec,
  nodeCoordinateCodec,
  sessionCodec,
} from './wire/records.ts';
export { serviceCodec } from './wire/service.ts';
export { instanceHealthCodec, serviceInstanceCodec } from './wire/service-instance.ts';
export {
  transactionRequestCodec,
  transactionResponseFields,
  transactionStepsCodec,
} from './wire/transaction.ts';
export { userEventCodec, userEventPrefix } from './wire/user-event.ts';
export {
  autopilotRequestCodec,
  deregisterRequestCodec,
  keyValueRequestCodec,
  registerRequestCodec,
  sessionRequestCodec,
  writeRequestFields,
} from './wire/write-requests.ts';
