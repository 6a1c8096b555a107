// The pure core of Consul's servers: no Node, no clock, no promises.

export type {
  AutopilotConfig,
  AutopilotRequest,
  DeregisterRequest,
  HealthCheck,
  HealthCheckDefinition,
  HealthStatus,
  InstanceHealth,
  KeyOperation,
  KeyValue,
  KeyValueRequest,
  Node,
  NodeCoordinate,
  NodeService,
  RaftIndex,
  RegisterRequest,
  ServiceAddress,
  ServiceCheckBinding,
  ServiceInstance,
  Session,
  SessionBehavior,
  SessionRequest,
  TextMap,
  TransactionError,
  TransactionRequest,
  TransactionResponse,
  TransactionResult,
  TransactionStep,
  Weights,
  WriteRequest,
} from './records/index.ts';
export { type GoTime, goTimeCodec, neverTime } from './wire/go-time.ts';
export { healthCheckCodec, noDefinition } from './wire/health-check.ts';
export {
  autopilotConfigCodec,
  coordinateCodec,
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
export {
  autopilotRequestCodec,
  deregisterRequestCodec,
  keyValueRequestCodec,
  registerRequestCodec,
  sessionRequestCodec,
  writeRequestFields,
} from './wire/write-requests.ts';
