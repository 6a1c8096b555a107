// Services and checks to register with an agent, as clients send them.
// Upstream: agent/structs/service_definition.go, check_definition.go, check_type.go (UnmarshalJSON). Each of
// them is decoded on its own, so that complaints name fields from there on, and takes a few old spellings.

import type { CheckDefinition } from '../../definitions/check-definition.ts';
import { type CheckType, noCheckType } from '../../definitions/check-type.ts';
import { noServiceDefinition, type ServiceDefinition } from '../../definitions/service-definition.ts';
import { type ConnectSettings, type ProxySettings, withUsualTypes } from '../../definitions/service-mesh.ts';
import {
  durationNs,
  type Fields,
  int,
  type Kind,
  list,
  namelessStruct,
  nilable,
  onItsOwn,
  struct,
  text,
  truth,
} from '../decode.ts';
import { probeFields, textList, texts } from '../fields.ts';
import { connectWith, proxy } from './mesh.ts';
import { checkId, serviceKind, taggedAddresses, weights } from './records.ts';

type SpeltCheckType = CheckType & {
  readonly args: readonly string[] | null;
  readonly scriptArgsToo: readonly string[] | null;
  readonly deregisterToo: number;
  readonly dockerContainerIdToo: string;
  readonly tlsSkipVerifyToo: boolean;
};

type SpeltService = Omit<ServiceDefinition, 'mesh'> & {
  readonly taggedAddressesToo: ServiceDefinition['taggedAddresses'];
  readonly enableTagOverrideToo: boolean;
  readonly proxy: ProxySettings | null;
  readonly connect: ConnectSettings<ServiceDefinition> | null;
};

const checkTypeFields: Omit<Fields<SpeltCheckType>, 'checkId'> = {
  name: ['Name', text],
  status: ['Status', text],
  notes: ['Notes', text],
  scriptArgs: ['ScriptArgs', textList],
  args: ['args', textList],
  scriptArgsToo: ['script_args', textList],
  ...probeFields,
  intervalNs: ['Interval', durationNs],
  aliasNode: ['AliasNode', text],
  aliasService: ['AliasService', text],
  dockerContainerId: ['DockerContainerID', text],
  dockerContainerIdToo: ['docker_container_id', text],
  shell: ['Shell', text],
  grpc: ['GRPC', text],
  grpcUseTls: ['GRPCUseTLS', truth],
  tlsSkipVerifyToo: ['tls_skip_verify', truth],
  timeoutNs: ['Timeout', durationNs],
  ttlNs: ['TTL', durationNs],
  successBeforePassing: ['SuccessBeforePassing', int],
  failuresBeforeCritical: ['FailuresBeforeCritical', int],
  deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', durationNs],
  deregisterToo: ['deregister_critical_service_after', durationNs],
  outputMaxSize: ['OutputMaxSize', int],
};

const ownCheckFields = [
  ...['Interval', 'Timeout', 'TTL', 'DeregisterCriticalServiceAfter'].map((name) => [name, 'interface {}']),
  ['Args', '[]string', 'args'],
  ['ScriptArgsSnake', '[]string', 'script_args'],
  ['DeregisterCriticalServiceAfterSnake', 'interface {}', 'deregister_critical_service_after'],
  ['DockerContainerIDSnake', 'string', 'docker_container_id'],
  ['TLSSkipVerifySnake', 'bool', 'tls_skip_verify'],
] as [name: string, goType: string, tag?: string][];
const serviceIdToo = ['ServiceIDSnake', 'string', 'service_id'] as const;
const checkTypeType = namelessStruct('structs.Alias', [
  ...ownCheckFields,
  ['ServiceID', 'string', 'ServiceID'],
  serviceIdToo,
]);

/** The check of a service. It says nothing of the service, whatever it says. */
export const checkTypeBody: Kind<CheckType> = unifying(
  noCheckType,
  struct(checkTypeType, { ...checkTypeFields, checkId: ['CheckID', checkId] }, [
    ...['ProxyHTTP', 'ProxyGRPC', 'ServiceID', 'service_id'],
  ]),
  unified,
);

const noCheckDefinition: CheckDefinition = { ...noCheckType, serviceId: '', token: '' };

/** A check by itself. */
export const checkDefinitionBody: Kind<CheckDefinition> = unifying(
  noCheckDefinition,
  struct(namelessStruct('structs.Alias', [...ownCheckFields, serviceIdToo]), {
    ...checkTypeFields,
    checkId: ['ID', checkId],
    serviceId: ['ServiceID', text],
    serviceIdToo: ['service_id', text],
    token: ['Token', text],
  }),
  ({ serviceId, serviceIdToo, ...spelt }) => ({ ...unified(spelt), serviceId: serviceId || serviceIdToo }),
);

/** A service. */
export const serviceDefinitionBody: Kind<ServiceDefinition> = unifying(
  noServiceDefinition,
  struct<SpeltService>(
    namelessStruct('structs.Alias', [
      ['EnableTagOverrideSnake', 'bool', 'enable_tag_override'],
      ['TaggedAddressesSnake', 'map[string]structs.ServiceAddress', 'tagged_addresses'],
    ]),
    {
      kind: ['Kind', serviceKind],
      id: ['ID', text],
      name: ['Name', text],
      tags: ['Tags', textList],
      address: ['Address', text],
      taggedAddresses: ['TaggedAddresses', taggedAddresses],
      taggedAddressesToo: ['tagged_addresses', taggedAddresses],
      meta: ['Meta', texts],
      port: ['Port', int],
      check: ['Check', checkTypeBody],
      checks: ['Checks', list(checkTypeBody, '*structs.CheckType', 'structs.CheckTypes')],
      weights: ['Weights', nilable(weights)],
      token: ['Token', text],
      enableTagOverride: ['EnableTagOverride', truth],
      enableTagOverrideToo: ['enable_tag_override', truth],
      proxy: ['Proxy', proxy],
      connect: ['Connect', connectWith(() => serviceDefinitionBody)],
    },
  ),
  ({ taggedAddressesToo, enableTagOverrideToo, proxy: proxied, connect, ...spelt }) => ({
    ...spelt,
    taggedAddresses: spelt.taggedAddresses?.size ? spelt.taggedAddresses : taggedAddressesToo,
    enableTagOverride: spelt.enableTagOverride || enableTagOverrideToo,
    mesh: { proxy: withUsualTypes(proxied), connect },
  }),
);

/** What somebody tells of a check with a time to live. */
export const checkUpdateBody = struct<{ readonly status: string; readonly output: string }>(
  'agent.checkUpdate',
  {
    status: ['Status', text],
    output: ['Output', text],
  },
);

/** Old spellings count where the usual one says nothing. */
function unified<Spelt extends SpeltCheckType>({
  args,
  scriptArgsToo,
  deregisterToo,
  dockerContainerIdToo,
  tlsSkipVerifyToo,
  ...type
}: Spelt) {
  return {
    ...type,
    scriptArgs: [type.scriptArgs, args, scriptArgsToo].find((each) => each?.length) ?? null,
    deregisterCriticalServiceAfterNs: type.deregisterCriticalServiceAfterNs || deregisterToo,
    dockerContainerId: type.dockerContainerId || dockerContainerIdToo,
    tlsSkipVerify: type.tlsSkipVerify || tlsSkipVerifyToo,
  };
}

/** Upstream decodes these by themselves, and refuses fields that it does not know. */
function unifying<Spelt extends object, T>(zero: T, kind: Kind<Spelt>, unify: (spelt: Spelt) => T): Kind<T> {
  return onItsOwn({ zero, read: (value, at) => unify(kind.read(value, at)) }, true);
}
