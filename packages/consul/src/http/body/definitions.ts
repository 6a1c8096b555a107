// Services and checks to register with an agent, as clients send them.
// Upstream: agent/structs/service_definition.go, check_definition.go, check_type.go (UnmarshalJSON). Each of
// them is decoded on its own, so that complaints name fields from there on, and takes a few old spellings.

import type { CheckDefinition } from '../../agent/definitions/check-definition.ts';
import { type CheckType, noCheckType } from '../../agent/definitions/check-type.ts';
import { noServiceDefinition, type ServiceDefinition } from '../../agent/definitions/service-definition.ts';
import {
  durationNs,
  type Fields,
  ignored,
  int,
  type Kind,
  list,
  map,
  nilable,
  struct,
  text,
  truth,
} from '../../json/decode.ts';
import { serviceAddress, texts, weights } from './records.ts';

const words = list(text, 'string');

type SpeltCheckType = CheckType & {
  readonly args: readonly string[] | null;
  readonly scriptArgsToo: readonly string[] | null;
  readonly deregisterToo: number;
  readonly dockerContainerIdToo: string;
  readonly tlsSkipVerifyToo: boolean;
};

const checkTypeFields: Omit<Fields<SpeltCheckType>, 'checkId'> = {
  name: ['Name', text],
  status: ['Status', text],
  notes: ['Notes', text],
  scriptArgs: ['ScriptArgs', words],
  args: ['args', words],
  scriptArgsToo: ['script_args', words],
  http: ['HTTP', text],
  header: ['Header', map(words, '[]string')],
  method: ['Method', text],
  body: ['Body', text],
  tcp: ['TCP', text],
  intervalNs: ['Interval', durationNs],
  aliasNode: ['AliasNode', text],
  aliasService: ['AliasService', text],
  dockerContainerId: ['DockerContainerID', text],
  dockerContainerIdToo: ['docker_container_id', text],
  shell: ['Shell', text],
  grpc: ['GRPC', text],
  grpcUseTls: ['GRPCUseTLS', truth],
  tlsSkipVerify: ['TLSSkipVerify', truth],
  tlsSkipVerifyToo: ['tls_skip_verify', truth],
  timeoutNs: ['Timeout', durationNs],
  ttlNs: ['TTL', durationNs],
  successBeforePassing: ['SuccessBeforePassing', int],
  failuresBeforeCritical: ['FailuresBeforeCritical', int],
  deregisterCriticalServiceAfterNs: ['DeregisterCriticalServiceAfter', durationNs],
  deregisterToo: ['deregister_critical_service_after', durationNs],
  outputMaxSize: ['OutputMaxSize', int],
};

/** The check of a service. It says nothing of the service, whatever it says. */
export const checkTypeBody: Kind<CheckType> = onItsOwn(
  noCheckType,
  struct('', {
    ...checkTypeFields,
    checkId: ['CheckID', text],
    proxyHttp: ['ProxyHTTP', ignored],
    proxyGrpc: ['ProxyGRPC', ignored],
    serviceId: ['ServiceID', ignored],
    serviceIdToo: ['service_id', ignored],
  }),
  ({ proxyHttp, proxyGrpc, serviceId, serviceIdToo, ...spelt }) => unified(spelt),
);

const noCheckDefinition: CheckDefinition = { ...noCheckType, serviceId: '', token: '' };

/** A check by itself. */
export const checkDefinitionBody: Kind<CheckDefinition> = onItsOwn(
  noCheckDefinition,
  struct('', {
    ...checkTypeFields,
    checkId: ['ID', text],
    serviceId: ['ServiceID', text],
    serviceIdToo: ['service_id', text],
    token: ['Token', text],
  }),
  ({ serviceId, serviceIdToo, ...spelt }) => ({ ...unified(spelt), serviceId: serviceId || serviceIdToo }),
);

/** A service. What it says about the mesh is not looked at. */
export const serviceDefinitionBody: Kind<ServiceDefinition> = onItsOwn(
  noServiceDefinition,
  struct('', {
    kind: ['Kind', text],
    id: ['ID', text],
    name: ['Name', text],
    tags: ['Tags', words],
    address: ['Address', text],
    taggedAddresses: ['TaggedAddresses', map(serviceAddress, 'structs.ServiceAddress')],
    taggedAddressesToo: ['tagged_addresses', map(serviceAddress, 'structs.ServiceAddress')],
    meta: ['Meta', texts],
    port: ['Port', int],
    check: ['Check', checkTypeBody],
    checks: ['Checks', list(checkTypeBody, '*structs.CheckType')],
    weights: ['Weights', nilable(weights)],
    token: ['Token', text],
    enableTagOverride: ['EnableTagOverride', truth],
    enableTagOverrideToo: ['enable_tag_override', truth],
    proxy: ['Proxy', ignored],
    connect: ['Connect', ignored],
  }),
  ({ taggedAddressesToo, enableTagOverrideToo, proxy, connect, ...spelt }) => ({
    ...spelt,
    taggedAddresses: spelt.taggedAddresses?.size ? spelt.taggedAddresses : taggedAddressesToo,
    enableTagOverride: spelt.enableTagOverride || enableTagOverrideToo,
  }),
);

/** What somebody tells of a check with a time to live. */
export const checkUpdateBody = struct<{ readonly status: string; readonly output: string }>('checkUpdate', {
  status: ['Status', text],
  output: ['Output', text],
});

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

function onItsOwn<Spelt extends object, T>(zero: T, kind: Kind<Spelt>, unify: (spelt: Spelt) => T): Kind<T> {
  return { zero, read: (value) => unify(kind.read(value, { struct: '', field: '' })) };
}
