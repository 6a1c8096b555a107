// The flags of all commands that speak with an agent, and the client that they make.
// Upstream: command/flags/http.go.

import { CommandFailure, type CommandIo, type FlagTable } from '@reeve/cli';
import { ConsulClient } from '../api/client.ts';
import { type ClientFlagValues, readClientConfig } from '../api/client-config.ts';

/** Which agent is meant, and how it is spoken with. */
export const agentFlags = {
  'http-addr': {
    kind: 'string',
    placeholder: 'address',
    help: 'The agent: host and port, a URL, or unix://PATH. Default 127.0.0.1:8500, or $CONSUL_HTTP_ADDR.',
  },
  token: {
    kind: 'string',
    placeholder: 'value',
    help: 'The token to ask with, or $CONSUL_HTTP_TOKEN; without one, the agent uses its own.',
  },
  'token-file': {
    kind: 'string',
    placeholder: 'path',
    help: 'A file that has the token, or $CONSUL_HTTP_TOKEN_FILE.',
  },
  'ca-file': {
    kind: 'string',
    placeholder: 'path',
    help: 'A file with the authority that signed the certificate of the agent, or $CONSUL_CACERT.',
  },
  'ca-path': {
    kind: 'string',
    placeholder: 'path',
    help: 'A directory of such files, or $CONSUL_CAPATH.',
  },
  'client-cert': {
    kind: 'string',
    placeholder: 'path',
    help: 'The certificate to show to an agent that wants one, or $CONSUL_CLIENT_CERT.',
  },
  'client-key': {
    kind: 'string',
    placeholder: 'path',
    help: 'The key of that certificate, or $CONSUL_CLIENT_KEY.',
  },
  'tls-server-name': {
    kind: 'string',
    placeholder: 'name',
    help: 'The name to find in the certificate of the agent, or $CONSUL_TLS_SERVER_NAME.',
  },
} as const satisfies FlagTable;

/** For what the servers answer: which datacenter, and whether any server will do. */
export const serverFlags = {
  ...agentFlags,
  datacenter: {
    kind: 'string',
    placeholder: 'name',
    help: 'The datacenter to ask. Default: the one of the agent.',
  },
  stale: {
    kind: 'bool',
    isOwn: true,
    help: 'Let any server answer, not only the leader: faster, maybe out of date.',
  },
} as const satisfies FlagTable;

/** For what could lie in a namespace of the Enterprise edition. */
export const namespaceFlags = {
  ...serverFlags,
  namespace: {
    kind: 'string',
    placeholder: 'name',
    help: 'Passed on; only the Enterprise edition has them.',
  },
} as const satisfies FlagTable;

/** The client for a call of a command. @throws CommandFailure */
export function connect(
  { values, io }: { readonly values: ClientFlagValues; readonly io: CommandIo },
  complaint = 'Error connecting to Consul agent',
): ConsulClient {
  try {
    return new ConsulClient(readClientConfig(values, io.env, (line) => void io.stderr.write(`${line}\n`)));
  } catch (error) {
    const reason = (error as Error).message;
    throw new CommandFailure(complaint === '' ? reason : `${complaint}: ${reason}`, { cause: error });
  }
}

/** The argument for reads that any server may answer. */
export function staleArgument({ stale }: { readonly stale: boolean }): string | undefined {
  return stale ? '' : undefined;
}
