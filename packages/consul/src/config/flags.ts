// The flags of `consul agent`, and what each says as settings. Names and meaning are the original's.
// Upstream: agent/config/flags.go. Next: load.ts.

import type { Flag, FlagTable, ParsedFlags } from '@reeve/cli';
import { ConfigError } from './config-error.ts';
import type { ConfigRequest } from './load.ts';
import type { ConfigSettings } from './settings/settings.ts';

/** A flag, and what its value means; none for those that say where settings are. */
interface SettingFlag {
  readonly flag: Flag;
  readonly settings?: (value: never) => ConfigSettings;
}

function text(placeholder: string, help: string, settings: (value: string) => ConfigSettings): SettingFlag {
  return { flag: { kind: 'string', placeholder, help }, settings };
}

function int(help: string, settings: (value: number) => ConfigSettings): SettingFlag {
  return { flag: { kind: 'int', isOwn: true, placeholder: 'n', help }, settings };
}

function truth(help: string, settings: (value: boolean) => ConfigSettings): SettingFlag {
  return { flag: { kind: 'bool', isOwn: true, help }, settings };
}

function list(
  placeholder: string,
  help: string,
  settings: (value: readonly string[]) => ConfigSettings,
): SettingFlag {
  return { flag: { kind: 'repeatable', placeholder, help: `${help} May be repeated.` }, settings };
}

const flags: Readonly<Record<string, SettingFlag>> = {
  advertise: text('addr', 'Address that others are told to reach this agent at.', (advertiseAddr) => ({
    advertiseAddr,
  })),
  'advertise-wan': text('addr', 'The same, for agents of other datacenters.', (advertiseAddrWan) => ({
    advertiseAddrWan,
  })),
  'allow-write-http-from': list('cidr', 'Network from which HTTP may write; any by default.', (networks) => ({
    httpConfig: { allowWriteHttpFrom: networks },
  })),
  'alt-domain': text('name', 'Second domain that DNS answers for.', (altDomain) => ({ altDomain })),
  bind: text('addr', 'Address for traffic between agents.', (bindAddr) => ({ bindAddr })),
  bootstrap: truth('This server elects itself: for a cluster of one.', (bootstrap) => ({ bootstrap })),
  'bootstrap-expect': int('Wait for so many servers before the first election.', (bootstrapExpect) => ({
    bootstrapExpect,
  })),
  check_output_max_size: int('How many bytes of a check’s output are kept.', (checkOutputMaxSize) => ({
    checkOutputMaxSize,
  })),
  client: text('addr', 'Address for HTTP and DNS.', (clientAddr) => ({ clientAddr })),
  'config-dir': {
    flag: {
      kind: 'repeatable',
      into: 'config-file',
      placeholder: 'dir',
      help: 'Directory whose .json and .hcl files are read, by name. May be repeated.',
    },
  },
  'config-file': {
    flag: { kind: 'repeatable', placeholder: 'file', help: 'File to read. May be repeated.' },
  },
  'config-format': {
    flag: {
      kind: 'string',
      placeholder: 'format',
      help: 'How all files are written, whatever their names: hcl or json.',
    },
  },
  'data-dir': text('dir', 'Where the agent keeps what must survive a restart.', (dataDir) => ({ dataDir })),
  datacenter: text('name', 'Datacenter of the agent.', (datacenter) => ({ datacenter })),
  'default-query-time': text(
    '5m',
    'How long a blocking query waits that does not say.',
    (defaultQueryTime) => ({
      defaultQueryTime,
    }),
  ),
  dev: {
    flag: { kind: 'bool', isOwn: true, help: 'A server for development: alone, in memory, talkative.' },
  },
  'disable-host-node-id': truth('Make up a node id instead of taking the host’s.', (disableHostNodeId) => ({
    disableHostNodeId,
  })),
  'disable-keyring-file': truth('Do not keep gossip keys in the data directory.', (disableKeyringFile) => ({
    disableKeyringFile,
  })),
  'dns-port': int('Port of DNS; -1 for none.', (dns) => ({ ports: { dns } })),
  domain: text('name', 'Domain that DNS answers for.', (domain) => ({ domain })),
  'enable-local-script-checks': truth('Run scripts of checks in files.', (enableLocalScriptChecks) => ({
    enableLocalScriptChecks,
  })),
  'enable-script-checks': truth(
    'Run scripts of checks from anywhere, HTTP included.',
    (enableScriptChecks) => ({
      enableScriptChecks,
    }),
  ),
  encrypt: text('key', 'Key to encrypt gossip with, as "keygen" prints it.', (encrypt) => ({ encrypt })),
  'grpc-port': int('Port of gRPC, which is not there; taken and ignored.', (grpc) => ({ ports: { grpc } })),
  hcl: { flag: { kind: 'repeatable', placeholder: 'text', help: 'Settings in HCL. May be repeated.' } },
  'http-port': int('Port of HTTP; -1 for none.', (http) => ({ ports: { http } })),
  'https-port': int('Port of HTTPS; -1 for none.', (https) => ({ ports: { https } })),
  join: list('addr', 'Agent to join at start; the agent ends if none answers.', (startJoin) => ({
    startJoin,
  })),
  'join-wan': list('addr', 'Server of another datacenter to join at start.', (startJoinWan) => ({
    startJoinWan,
  })),
  'log-file': text('path', 'File to write the log to as well.', (logFile) => ({ logFile })),
  'log-json': truth('Write the log as JSON.', (logJson) => ({ logJson })),
  'log-level': text('level', 'Least severe log lines: trace, debug, info, warn or err.', (logLevel) => ({
    logLevel,
  })),
  'log-rotate-bytes': int('Begin a new log file after so many bytes.', (logRotateBytes) => ({
    logRotateBytes,
  })),
  'log-rotate-duration': text('24h', 'Begin a new log file after this time.', (logRotateDuration) => ({
    logRotateDuration,
  })),
  'log-rotate-max-files': int('How many old log files are kept.', (logRotateMaxFiles) => ({
    logRotateMaxFiles,
  })),
  'max-query-time': text('10m', 'The longest that a blocking query may wait.', (maxQueryTime) => ({
    maxQueryTime,
  })),
  node: text('name', 'Name of this node, which no other may have; the host’s by default.', (nodeName) => ({
    nodeName,
  })),
  'node-id': text('uuid', 'Id of this node; kept in the data directory by default.', (nodeId) => ({
    nodeId,
  })),
  'node-meta': list('key:value', 'Something to know about this node.', (pairs) => ({
    nodeMeta: new Map(pairs.map(keyAndValue)),
  })),
  'non-voting-server': truth('Taken and ignored.', (nonVotingServer) => ({ nonVotingServer })),
  'pid-file': text('path', 'File to write the process id to.', (pidFile) => ({ pidFile })),
  'primary-gateway': list('addr', 'Taken and ignored.', (primaryGateways) => ({ primaryGateways })),
  protocol: int('Protocol to speak; 2 by default.', (protocol) => ({ protocol })),
  'raft-protocol': int('Raft protocol to speak; 3 by default.', (raftProtocol) => ({ raftProtocol })),
  recursor: list('addr', 'Name server to ask about other domains.', (recursors) => ({ recursors })),
  rejoin: truth('Rejoin the cluster although this node had left it.', (rejoinAfterLeave) => ({
    rejoinAfterLeave,
  })),
  'retry-interval': text('30s', 'Time between two attempts of -retry-join.', (retryInterval) => ({
    retryInterval,
  })),
  'retry-interval-wan': text('30s', 'Time between two attempts of -retry-join-wan.', (retryIntervalWan) => ({
    retryIntervalWan,
  })),
  'retry-join': list('addr', 'Agent to join, again and again until it answers.', (retryJoin) => ({
    retryJoin,
  })),
  'retry-join-wan': list('addr', 'The same, for servers of other datacenters.', (retryJoinWan) => ({
    retryJoinWan,
  })),
  'retry-max': int('How often -retry-join tries; 0 for ever.', (retryMax) => ({ retryMax })),
  'retry-max-wan': int('How often -retry-join-wan tries; 0 for ever.', (retryMaxWan) => ({ retryMaxWan })),
  segment: text('name', 'Refused: there are no network segments.', (segment) => ({ segment })),
  'serf-lan-allowed-cidrs': list('cidr', 'Network whose agents may join.', (serfLanAllowedCidrs) => ({
    serfLanAllowedCidrs,
  })),
  'serf-lan-bind': text('addr', 'Address for gossip in the datacenter.', (serfLan) => ({ serfLan })),
  'serf-lan-port': int('Port of gossip in the datacenter.', (serfLan) => ({ ports: { serfLan } })),
  'serf-wan-allowed-cidrs': list('cidr', 'Network whose servers may join.', (serfWanAllowedCidrs) => ({
    serfWanAllowedCidrs,
  })),
  'serf-wan-bind': text('addr', 'Address for gossip between datacenters.', (serfWan) => ({ serfWan })),
  'serf-wan-port': int('Port of gossip between datacenters; -1 for none.', (serfWan) => ({
    ports: { serfWan },
  })),
  server: truth('Be a server.', (server) => ({ server })),
  'server-port': int('Port of the servers’ RPC.', (server) => ({ ports: { server } })),
  syslog: truth('Send the log to syslog as well.', (enableSyslog) => ({ enableSyslog })),
  ui: truth('Serve the web pages.', (ui) => ({ ui })),
  'ui-content-path': text('/ui/', 'Where the web pages are found.', (uiContentPath) => ({ uiContentPath })),
  'ui-dir': text('dir', 'Directory with other web pages.', (uiDir) => ({ uiDir })),
};

/** The flags of `agent`, for the command line. */
export const agentFlags: FlagTable = Object.freeze(
  Object.fromEntries(Object.entries(flags).map(([name, { flag }]) => [name, flag])),
);

/** What a command line asks to be loaded. @throws ConfigError */
export function configRequest({ values, given }: ParsedFlags<FlagTable>): ConfigRequest {
  const said = Object.entries(flags).flatMap(([name, { settings }]) => {
    if (!given.has(name) || settings === undefined) return [];
    return [settings(values[name] as never)]; // the table says which values a flag has
  });
  const isList = (settings: ConfigSettings): boolean => Object.values(settings).every(Array.isArray);
  return {
    paths: values['config-file'] as readonly string[],
    format: configFormat(values['config-format'] as string),
    devMode: values.dev === true,
    flagLists: said.filter(isList),
    flagValues: said.filter((settings) => !isList(settings)),
    hcl: values.hcl as readonly string[],
  };
}

/** How files are written; undefined: as their names say. @throws ConfigError for a format there is not */
function configFormat(written: string): ConfigRequest['format'] {
  if (written === '') return undefined;
  if (written === 'hcl' || written === 'json') return written;
  throw new ConfigError("config: -config-format must be either 'hcl' or 'json'");
}

function keyAndValue(pair: string): readonly [string, string] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
