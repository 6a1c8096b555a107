// The keys of gossip, of all agents of the datacenter at once. Upstream: agent/consul/internal_endpoint.go
// (KeyringOperation). Next: serf's key-manager.ts, which asks everybody.

import type { KeyManager, KeyOutcome } from '@reeve/serf/core';
import type { MethodTable } from '../../rpc/method-table.ts';
import { internal, type KeyringRequest, type KeyringResponses } from '../../rpc/methods/index.ts';
import { RoutedMethods } from '../routing.ts';
import type { ServerContext } from '../server-context.ts';

/** Serves the method of the keyring, which any server carries out. */
export function serveKeyring(server: ServerContext, table: MethodTable): void {
  new RoutedMethods(server, table).anywhere(internal.keyringOperation, operate);
}

async function operate(
  { keyManager, datacenter }: ServerContext,
  request: KeyringRequest,
): Promise<KeyringResponses> {
  if (request.localOnly && request.operation !== 'list') {
    throw new Error('argument error: LocalOnly can only be used for List operations');
  }
  const { response, error } = await askEverybody(keyManager, request);
  const { messages, keys, primaryKeys, nodes } = response;
  const pool = { wan: false, datacenter, segment: '', messages, keys, primaryKeys, nodes };
  const responses = [{ ...pool, error: error?.message ?? '' }];
  return { ...internal.keyringOperation.reply.zero(), responses };
}

function askEverybody(manager: KeyManager, request: KeyringRequest): Promise<KeyOutcome> {
  const { operation, key, relayFactor } = request;
  const options = { relayFactor };
  return new Promise((resolve, reject) => {
    if (operation === 'list') manager.listKeys(options, resolve);
    else if (operation === 'install') manager.installKey(key, options, resolve);
    else if (operation === 'use') manager.useKey(key, options, resolve);
    else if (operation === 'remove') manager.removeKey(key, options, resolve);
    else reject(new Error(`there is no keyring operation ${operation}`));
  });
}
