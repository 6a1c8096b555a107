// What filters can ask of that which the service mesh keeps in a service. We read it for nothing else.
// Upstream: agent/structs/connect_proxy_config.go.

import type { MsgpackValue } from '@reeve/bytes';
import { int, listOf, part, type Shape, structOf, text, truth } from './shapes.ts';

type MeshShape = Shape<MsgpackValue>;

const gateway = structOf<MsgpackValue>(textFields('Mode'));

const upstream = structOf<MsgpackValue>({
  ...textFields('DestinationType', 'DestinationNamespace', 'DestinationName'),
  ...textFields('Datacenter', 'LocalBindAddress'),
  ...numberFields('LocalBindPort'),
  MeshGateway: below('MeshGateway', gateway),
});

const exposedPath = structOf<MsgpackValue>({
  ...textFields('Path', 'Protocol'),
  ...numberFields('ListenerPort', 'LocalPathPort'),
  ParsedFromCheck: truthField('ParsedFromCheck'),
});

const expose = structOf<MsgpackValue>({
  Checks: truthField('Checks'),
  Paths: listField('Paths', exposedPath),
});

/** Upstream: ConnectProxyConfig. */
export const proxyShape = structOf<MsgpackValue>({
  ...textFields('DestinationServiceName', 'DestinationServiceID', 'LocalServiceAddress'),
  ...numberFields('LocalServicePort'),
  Upstreams: listField('Upstreams', upstream),
  MeshGateway: below('MeshGateway', gateway),
  Expose: below('Expose', expose),
});

/** Upstream: ServiceConnect. */
export const connectShape = structOf<MsgpackValue>({ Native: truthField('Native') });

function textFields(...names: readonly string[]): Record<string, MeshShape> {
  return Object.fromEntries(names.map((name) => [name, part((of) => textIn(at(of, name)), text)]));
}

function numberFields(...names: readonly string[]): Record<string, MeshShape> {
  return Object.fromEntries(names.map((name) => [name, part((of) => numberIn(at(of, name)), int)]));
}

function truthField(name: string): MeshShape {
  return part((of) => at(of, name) === true, truth);
}

function listField(name: string, item: MeshShape): MeshShape {
  return part((of) => listIn(at(of, name)), listOf(item));
}

function below(name: string, shape: MeshShape): MeshShape {
  return part((of) => at(of, name), shape);
}

function at(of: MsgpackValue, name: string): MsgpackValue {
  return of instanceof Map ? (of.get(name) ?? null) : null;
}

function textIn(value: MsgpackValue): string {
  return typeof value === 'string' ? value : '';
}

function numberIn(value: MsgpackValue): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

function listIn(value: MsgpackValue): readonly MsgpackValue[] {
  return Array.isArray(value) ? value : [];
}
