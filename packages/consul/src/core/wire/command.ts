// A command, which is what raft's log entries of Consul hold: one byte for the type, then msgpack of the
// request. 128 added to the type means that servers which do not know it may skip the entry.
// Upstream: agent/structs/structs.go (MessageType), agent/consul/fsm/fsm.go.

import { type Codec, DecodeError, encodeWith, gossipDialect, list, MsgpackReader } from '@reeve/bytes';
import type {
  AclAuthMethodsRequest,
  AclBindingRulesRequest,
  AclBootstrapRequest,
  AclDeletionRequest,
  AclPoliciesRequest,
  AclRolesRequest,
  AclTokensRequest,
  AuthorityRequest,
  AutopilotRequest,
  DeregisterRequest,
  KeyValueRequest,
  LeafRequest,
  LegacyAclRequest,
  MeshRequest,
  NodeCoordinate,
  PreparedQueryRequest,
  RegisterRequest,
  SessionRequest,
  TombstoneRequest,
  TransactionRequest,
} from '../records/index.ts';
import {
  aclAuthMethodsRequestCodec,
  aclBindingRulesRequestCodec,
  aclBootstrapRequestCodec,
  aclDeletionRequestCodec,
  aclPoliciesRequestCodec,
  aclRolesRequestCodec,
  aclTokensRequestCodec,
  legacyAclRequestCodec,
} from './acl-requests.ts';
import { batchElementsMax } from './limits.ts';
import {
  authorityRequestCodec,
  configEntryRequestCodec,
  federationStateRequestCodec,
  intentionRequestCodec,
  leafRequestCodec,
} from './mesh.ts';
import { preparedQueryRequestCodec } from './prepared-query.ts';
import { nodeCoordinateCodec } from './records.ts';
import { transactionRequestCodec } from './transaction.ts';
import {
  autopilotRequestCodec,
  deregisterRequestCodec,
  keyValueRequestCodec,
  registerRequestCodec,
  sessionRequestCodec,
  tombstoneRequestCodec,
} from './write-requests.ts';

/** The request of each type of command. */
export interface Requests {
  readonly register: RegisterRequest;
  readonly deregister: DeregisterRequest;
  readonly keyValue: KeyValueRequest;
  readonly session: SessionRequest;
  readonly tombstone: TombstoneRequest;
  readonly coordinates: readonly NodeCoordinate[];
  readonly transaction: TransactionRequest;
  readonly autopilot: AutopilotRequest;
  readonly preparedQuery: PreparedQueryRequest;
  readonly legacyAcl: LegacyAclRequest;
  readonly aclBootstrap: AclBootstrapRequest;
  readonly aclTokens: AclTokensRequest;
  readonly aclTokensDeletion: AclDeletionRequest;
  readonly aclPolicies: AclPoliciesRequest;
  readonly aclPoliciesDeletion: AclDeletionRequest;
  readonly aclRoles: AclRolesRequest;
  readonly aclRolesDeletion: AclDeletionRequest;
  readonly aclBindingRules: AclBindingRulesRequest;
  readonly aclBindingRulesDeletion: AclDeletionRequest;
  readonly aclAuthMethods: AclAuthMethodsRequest;
  readonly aclAuthMethodsDeletion: AclDeletionRequest;
  readonly intention: MeshRequest;
  readonly authority: AuthorityRequest;
  readonly leaf: LeafRequest;
  readonly configEntry: MeshRequest;
  readonly federationState: MeshRequest;
}

/** Everything that changes the state. */
export type Command = {
  readonly [Type in keyof Requests]: { readonly type: Type; readonly request: Requests[Type] };
}[keyof Requests];

/** A command of somebody who knows more than we do, and whether it may be skipped. */
export interface UnknownCommand {
  readonly type: 'unknown';
  /** Its number, without the 128. */
  readonly number: number;
  readonly ignorable: boolean;
}

/** The data of a log entry. */
export function encodeCommand(command: Command): Uint8Array {
  const { codec, typeByte } = kinds[command.type];
  return encodeWith(codec as Codec<unknown>, gossipDialect, command.request, typeByte);
}

/** The command in the data of a log entry. @throws DecodeError */
export function decodeCommand(data: Uint8Array): Command | UnknownCommand {
  const typeByte = data[0];
  if (typeByte === undefined) throw new DecodeError('truncated', 'a command without its type');
  const number = typeByte & ~ignoreUnknownFlag;
  const type = commandType(data);
  if (type === undefined) return { type: 'unknown', number, ignorable: (typeByte & ignoreUnknownFlag) !== 0 };
  return { type, request: kinds[type].codec.decode(new MsgpackReader(data, 1)) } as Command;
}

/** What a command is about, which its first byte says; undefined: something that we do not know. */
export function commandType(data: Uint8Array): Command['type'] | undefined {
  return typesByNumber.get((data[0] ?? ignoreUnknownFlag) & ~ignoreUnknownFlag);
}

const ignoreUnknownFlag = 0x80;

/** The coordinates of several nodes. */
export const coordinatesCodec: Codec<readonly NodeCoordinate[]> = list(nodeCoordinateCodec, batchElementsMax);

/** The type bytes as upstream writes them: few carry the flag. */
const kinds: { readonly [Type in keyof Requests]: Kind<Requests[Type]> } = {
  register: { typeByte: 0, codec: registerRequestCodec },
  deregister: { typeByte: 1, codec: deregisterRequestCodec },
  keyValue: { typeByte: 2, codec: keyValueRequestCodec },
  session: { typeByte: 3, codec: sessionRequestCodec },
  tombstone: { typeByte: 5, codec: tombstoneRequestCodec },
  coordinates: { typeByte: 6 | ignoreUnknownFlag, codec: coordinatesCodec },
  transaction: { typeByte: 8, codec: transactionRequestCodec },
  autopilot: { typeByte: 9, codec: autopilotRequestCodec },
  preparedQuery: { typeByte: 7, codec: preparedQueryRequestCodec },
  legacyAcl: { typeByte: 4, codec: legacyAclRequestCodec },
  aclBootstrap: { typeByte: 11, codec: aclBootstrapRequestCodec },
  aclTokens: { typeByte: 17, codec: aclTokensRequestCodec },
  aclTokensDeletion: { typeByte: 18, codec: aclDeletionRequestCodec('TokenIDs') },
  aclPolicies: { typeByte: 19, codec: aclPoliciesRequestCodec },
  aclPoliciesDeletion: { typeByte: 20, codec: aclDeletionRequestCodec('PolicyIDs') },
  aclRoles: { typeByte: 23, codec: aclRolesRequestCodec },
  aclRolesDeletion: { typeByte: 24, codec: aclDeletionRequestCodec('RoleIDs') },
  aclBindingRules: { typeByte: 25, codec: aclBindingRulesRequestCodec },
  aclBindingRulesDeletion: { typeByte: 26, codec: aclDeletionRequestCodec('BindingRuleIDs') },
  aclAuthMethods: { typeByte: 27, codec: aclAuthMethodsRequestCodec },
  aclAuthMethodsDeletion: { typeByte: 28, codec: aclDeletionRequestCodec('AuthMethodNames') },
  intention: { typeByte: 12, codec: intentionRequestCodec },
  authority: { typeByte: 13, codec: authorityRequestCodec },
  leaf: { typeByte: 21 | ignoreUnknownFlag, codec: leafRequestCodec },
  configEntry: { typeByte: 22, codec: configEntryRequestCodec },
  federationState: { typeByte: 30, codec: federationStateRequestCodec },
};

const typesByNumber: ReadonlyMap<number, Command['type']> = new Map(
  Object.entries(kinds).map(([type, { typeByte }]) => [
    typeByte & ~ignoreUnknownFlag,
    type as Command['type'],
  ]),
);

interface Kind<Request> {
  readonly typeByte: number;
  readonly codec: Codec<Request>;
}
