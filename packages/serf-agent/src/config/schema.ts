// Every setting of the agent in one table. Files, flags, merging, reloading and help all follow from it: a
// new setting is one new entry. Keys, flags and defaults are upstream's (cmd/serf/command/agent/config.go,
// command.go).
//
// Of the keys that have no effect in the original (`enable_compression`, `disable_coordinates`,
// `validate_node_names`) ours has the effect its name says.
// Next: kinds.ts (how values are read and merged), load.ts (where they come from).

import type { HandlerEntry } from '../event-handlers/handler-entry.ts';
import { handlerEntries } from './handler-entries.ts';
import {
  duration,
  integer,
  type Kind,
  list,
  pairs,
  positive,
  switchedByLast,
  switchedOn,
  text,
} from './kinds.ts';

/** One setting. */
export interface Setting<T> {
  /** Its key in a file, matched in any case; `mdns.interface` stands in the object `mdns`. */
  readonly key: string;
  /** Its flag, without the dash; absent when only a file can set it. */
  readonly flag?: string;
  /** What stands for the flag's value in help. */
  readonly placeholder?: string;
  readonly kind: Kind<T>;
  /** What holds when no source says anything. */
  readonly initial: T;
  /** Whether SIGHUP applies a change. */
  readonly reloadable?: true;
  /** What it does, for people. White space counts as one space. */
  readonly help: string;
}

/** The table. The order is that of help, and of the errors in texts that cannot be read. */
export const settings = {
  /** Where gossip is received: `host`, `host:port` or `[v6]:port`. */
  bind: {
    key: 'bind',
    flag: 'bind',
    placeholder: '0.0.0.0:7946',
    kind: text,
    initial: '0.0.0.0',
    help: `Where to listen for gossip, packets and streams alike. The port may be left out. An IPv6 address
      needs brackets: [::1] or [::1]:7946.`,
  },
  interface: {
    key: 'interface',
    flag: 'iface',
    placeholder: 'eth0',
    kind: text,
    initial: '',
    help: `Network interface to listen on, for when its name is known and its address is not. Together with
      -bind, the agent only starts if the interface has that address. Discovery uses it too unless
      -mdns-iface names another.`,
  },
  mdnsInterface: {
    key: 'mdns.interface',
    flag: 'mdns-iface',
    placeholder: 'eth0',
    kind: text,
    initial: '',
    help: 'Network interface for discovery, if not that of -iface.',
  },
  mdnsDisableIpv4: {
    key: 'mdns.disable_ipv4',
    flag: 'mdns-disable-ipv4',
    kind: switchedOn,
    initial: false,
    help: 'No discovery over IPv4.',
  },
  mdnsDisableIpv6: {
    key: 'mdns.disable_ipv6',
    flag: 'mdns-disable-ipv6',
    kind: switchedOn,
    initial: false,
    help: 'No discovery over IPv6.',
  },
  /** What others are told to reach us at: `host` or `host:port`. */
  advertise: {
    key: 'advertise',
    flag: 'advertise',
    placeholder: '0.0.0.0',
    kind: text,
    initial: '',
    help: `Address that other members are told to reach this one at. Without a port it means 7946, whatever
      -bind says.`,
  },
  discover: {
    key: 'discover',
    flag: 'discover',
    placeholder: 'cluster',
    kind: text,
    initial: '',
    help: `Find and join members by multicast DNS under this cluster name, where the network carries
      multicast.`,
  },
  /** Base64 of 16, 24 or 32 bytes. */
  encryptKey: {
    key: 'encrypt_key',
    flag: 'encrypt',
    placeholder: 'foo',
    kind: text,
    initial: '',
    help: 'Key to encrypt gossip with: 16, 24 or 32 bytes in base64, as "serf keygen" prints them.',
  },
  keyringFile: {
    key: 'keyring_file',
    flag: 'keyring-file',
    placeholder: '/path/to/file',
    kind: text,
    initial: '',
    help: `File with the keys of the cluster, a JSON list of base64 texts, the one to encrypt with first. It
      must exist; when keys are changed with "serf keys" it is rewritten. Not together with -encrypt.`,
  },
  eventHandlers: {
    key: 'event_handlers',
    flag: 'event-handler',
    placeholder: 'foo',
    kind: handlerEntries,
    initial: [],
    reloadable: true,
    help: 'Script or module to run on events; see below.',
  },
  startJoin: {
    key: 'start_join',
    flag: 'join',
    placeholder: 'addr',
    kind: list,
    initial: [],
    help: 'Address of a member to join at start. The agent ends if none of them answers.',
  },
  replayOnJoin: {
    key: 'replay_on_join',
    flag: 'replay',
    kind: switchedOn,
    initial: false,
    help: 'Hand events from before the join to the handlers too, instead of only newer ones.',
  },
  logLevel: {
    key: 'log_level',
    flag: 'log-level',
    placeholder: 'info',
    kind: text,
    initial: 'INFO',
    reloadable: true,
    help: 'Least severe log lines to show: trace, debug, info, warn or err.',
  },
  nodeName: {
    key: 'node_name',
    flag: 'node',
    placeholder: 'hostname',
    kind: text,
    initial: '',
    help: 'Name of this node, which no other member may have. The host name by default.',
  },
  /** `lan`, `wan` or `local`. */
  profile: {
    key: 'profile',
    flag: 'profile',
    placeholder: '[lan|wan|local]',
    kind: text,
    initial: 'lan',
    help: 'Set of timings, by the network between the members. "lan" by default.',
  },
  protocol: {
    key: 'protocol',
    flag: 'protocol',
    placeholder: 'n',
    kind: positive,
    initial: 5,
    help: 'Serf protocol to speak, 2 to 5. The newest by default; lower it while a cluster is upgraded.',
  },
  rejoinAfterLeave: {
    key: 'rejoin_after_leave',
    flag: 'rejoin',
    kind: switchedOn,
    initial: false,
    help: 'Rejoin the members of the snapshot even though the node had left on purpose. Needs -snapshot.',
  },
  retryJoin: {
    key: 'retry_join',
    flag: 'retry-join',
    placeholder: 'addr',
    kind: list,
    initial: [],
    help: 'Like -join, but a failure does not end the agent: it tries again.',
  },
  /** How often reconnecting to a failed member is tried. */
  reconnectIntervalMs: {
    key: 'reconnect_interval',
    kind: duration,
    initial: 30_000,
    help: 'How often reconnecting to a failed member is tried.',
  },
  reconnectTimeoutMs: {
    key: 'reconnect_timeout',
    kind: duration,
    initial: 24 * 3_600_000,
    help: 'How long reconnecting to a failed member is tried before it is forgotten.',
  },
  tombstoneTimeoutMs: {
    key: 'tombstone_timeout',
    kind: duration,
    initial: 24 * 3_600_000,
    help: 'How long a member that left is remembered.',
  },
  retryIntervalMs: {
    key: 'retry_interval',
    flag: 'retry-interval',
    placeholder: '30s',
    kind: duration,
    initial: 30_000,
    help: 'Time between two attempts of -retry-join; 30 s by default, at least 1 s.',
  },
  /** How often a failed `retryJoin` is tried again; 0 or less: for ever. */
  retryMaxAttempts: {
    key: 'retry_max_attempts',
    flag: 'retry-max',
    placeholder: '0',
    kind: integer,
    initial: 0,
    help: 'How many times -retry-join tries again before the agent ends. 0, the default: for ever.',
  },
  enableCompression: {
    key: 'enable_compression',
    flag: 'disable-compression',
    kind: switchedByLast,
    initial: true,
    help: 'Send gossip uncompressed. It is compressed by default; both are always understood.',
  },
  /** Old name of the tag `role`. */
  role: {
    key: 'role',
    flag: 'role',
    placeholder: 'foo',
    kind: text,
    initial: '',
    reloadable: true,
    help: 'Old way to write -tag role=foo, which takes its place.',
  },
  rpcAddress: {
    key: 'rpc_addr',
    flag: 'rpc-addr',
    placeholder: '127.0.0.1:7373',
    kind: text,
    initial: '127.0.0.1:7373',
    help: 'Where to listen for the commands of this program and other RPC clients.',
  },
  /** Clients must present it; empty: any client is let in. */
  rpcAuthKey: {
    key: 'rpc_auth',
    kind: text,
    initial: '',
    help: 'Token that RPC clients must present.',
  },
  snapshotPath: {
    key: 'snapshot_path',
    flag: 'snapshot',
    placeholder: 'path/to/file',
    kind: text,
    initial: '',
    help: `File that remembers members and clocks, so that a restarted agent rejoins by itself and sees no
      event twice.`,
  },
  tags: {
    key: 'tags',
    flag: 'tag',
    placeholder: 'key=value',
    kind: pairs,
    initial: new Map(),
    reloadable: true,
    help: 'Tag that describes this node.',
  },
  tagsFile: {
    key: 'tags_file',
    flag: 'tags-file',
    placeholder: '/path/to/file',
    kind: text,
    initial: '',
    help: `File to keep the tags in: read at start if it exists, rewritten when "serf tags" changes them. No
      other tags may be configured with it.`,
  },
  enableSyslog: {
    key: 'enable_syslog',
    flag: 'syslog',
    kind: switchedOn,
    initial: false,
    help: 'Send the log to syslog as well.',
  },
  syslogFacility: {
    key: 'syslog_facility',
    kind: text,
    initial: 'LOCAL0',
    help: 'Syslog facility the log goes to.',
  },
  /** How long a leave, a forced leave or a change of tags may take to be gossiped. */
  broadcastTimeoutMs: {
    key: 'broadcast_timeout',
    flag: 'broadcast-timeout',
    placeholder: '5s',
    kind: duration,
    initial: 5_000,
    help: `How long a leave, a forced leave or a change of tags may take to reach the others; 5 s by default,
      at least 1 s.`,
  },
  leaveOnTerminate: {
    key: 'leave_on_terminate',
    kind: switchedOn,
    initial: false,
    reloadable: true,
    help: 'Leave gracefully on SIGTERM.',
  },
  skipLeaveOnInterrupt: {
    key: 'skip_leave_on_interrupt',
    kind: switchedOn,
    initial: false,
    reloadable: true,
    help: 'Do not leave gracefully on SIGINT.',
  },
  disableNameResolution: {
    key: 'disable_name_resolution',
    kind: switchedOn,
    initial: false,
    help: 'Do not shut down when the majority sides with another node of our name.',
  },
  disableCoordinates: {
    key: 'disable_coordinates',
    kind: switchedOn,
    initial: false,
    help: 'Do not estimate round-trip times.',
  },
  validateNodeNames: {
    key: 'validate_node_names',
    kind: switchedOn,
    initial: false,
    help: 'Refuse a name that is over 128 characters or has others than letters, digits, dashes and dots.',
  },
  queryResponseSizeLimit: {
    key: 'query_response_size_limit',
    kind: integer,
    initial: 1024,
    help: 'Largest encoded answer to a query, in bytes.',
  },
  querySizeLimit: {
    key: 'query_size_limit',
    kind: integer,
    initial: 1024,
    help: 'Largest encoded query, in bytes.',
  },
  userEventSizeLimit: {
    key: 'user_event_size_limit',
    kind: integer,
    initial: 512,
    help: 'Largest encoded user event, in bytes.',
  },
  statsiteAddress: {
    key: 'statsite_addr',
    kind: text,
    initial: '',
    help: 'Statsite server to send metrics to, as host:port.',
  },
  statsdAddress: {
    key: 'statsd_addr',
    kind: text,
    initial: '',
    help: 'Statsd server to send metrics to, as host:port.',
  },
} as const satisfies Record<string, AnySetting>;

type AnySetting =
  | Setting<string>
  | Setting<number>
  | Setting<readonly HandlerEntry[]>
  | Setting<boolean>
  | Setting<readonly string[]>
  | Setting<ReadonlyMap<string, string>>;

/** The table as a list, for what treats all settings alike. */
export const settingList = Object.entries(settings) as readonly (readonly [SettingName, Setting<unknown>])[];

/** The name of a setting in the program. */
export type SettingName = keyof typeof settings;

/** A whole configuration: every setting has a value. Times are milliseconds, sizes bytes. */
export type AgentConfig = {
  readonly [Name in SettingName]: (typeof settings)[Name]['kind'] extends Kind<infer T> ? T : never;
};

/** What one source says: only the settings it mentions. */
export type ConfigLayer = { readonly [Name in SettingName]?: AgentConfig[Name] };
