// The commands of `consul`. Each is loaded when it is called, so that `consul kv get` does not load an agent.
// Next: commands/, one file each; ../main.ts runs this.

import type { CommandEntry, Program } from '@reeve/cli';
import { absentCommand } from './absent-command.ts';

/** The `consul` program. */
export const consulProgram: Program = {
  name: 'consul',
  habits: {
    helpTo: 'stdout',
    versionWords: ['-v', '-version', '--version'],
    versionAsked: 'before the command',
    versionCall: () => ['version'],
  },
  groups: {
    catalog: 'Interact with the catalog',
    kv: 'Interact with the key-value store',
    operator: 'Provides cluster-level tools for Consul operators',
    'operator autopilot': 'Provides tools for modifying Autopilot configuration',
    'operator raft': 'Provides cluster-level tools for Consul operators',
    services: 'Interact with services',
    snapshot: 'Saves, restores and inspects snapshots of Consul server state',
  },
  commands: {
    acl: absent('acl'),
    agent: {
      synopsis: 'Runs a Consul agent',
      load: async () => (await import('./commands/agent.ts')).agentCommand,
    },
    'catalog datacenters': {
      synopsis: 'Lists all known datacenters',
      load: async () => (await import('./commands/catalog-datacenters.ts')).catalogDatacentersCommand,
    },
    'catalog nodes': {
      synopsis: 'Lists all nodes in the given datacenter',
      load: async () => (await import('./commands/catalog-nodes.ts')).catalogNodesCommand,
    },
    'catalog services': {
      synopsis: 'Lists all registered services in a datacenter',
      load: async () => (await import('./commands/catalog-services.ts')).catalogServicesCommand,
    },
    config: absent('config'),
    connect: absent('connect'),
    debug: absent('debug'),
    event: {
      synopsis: 'Fire a new event',
      load: async () => (await import('./commands/event.ts')).eventCommand,
    },
    exec: {
      synopsis: 'Executes a command on Consul nodes',
      load: async () => (await import('./commands/exec.ts')).execCommand,
    },
    'force-leave': {
      synopsis: 'Forces a member of the cluster to enter the "left" state',
      load: async () => (await import('./commands/force-leave.ts')).forceLeaveCommand,
    },
    info: {
      synopsis: 'Provides debugging information for operators.',
      load: async () => (await import('./commands/info.ts')).infoCommand,
    },
    intention: absent('intention'),
    join: {
      synopsis: 'Tell Consul agent to join cluster',
      load: async () => (await import('./commands/join.ts')).joinCommand,
    },
    keygen: {
      synopsis: 'Generates a new encryption key',
      load: async () => (await import('./commands/keygen.ts')).keygenCommand,
    },
    keyring: {
      synopsis: 'Manages gossip layer encryption keys',
      load: async () => (await import('./commands/keyring.ts')).keyringCommand,
    },
    'kv delete': {
      synopsis: 'Removes data from the KV store',
      load: async () => (await import('./commands/kv-delete.ts')).kvDeleteCommand,
    },
    'kv export': {
      synopsis: 'Exports a tree from the KV store as JSON',
      load: async () => (await import('./commands/kv-export.ts')).kvExportCommand,
    },
    'kv get': {
      synopsis: 'Retrieves or lists data from the KV store',
      load: async () => (await import('./commands/kv-get.ts')).kvGetCommand,
    },
    'kv import': {
      synopsis: 'Imports a tree stored as JSON to the KV store',
      load: async () => (await import('./commands/kv-import.ts')).kvImportCommand,
    },
    'kv put': {
      synopsis: 'Sets or updates data in the KV store',
      load: async () => (await import('./commands/kv-put.ts')).kvPutCommand,
    },
    leave: {
      synopsis: 'Gracefully leaves the Consul cluster and shuts down',
      load: async () => (await import('./commands/leave.ts')).leaveCommand,
    },
    lock: {
      synopsis: 'Execute a command holding a lock',
      load: async () => (await import('./commands/lock.ts')).lockCommand,
    },
    login: absent('login'),
    logout: absent('logout'),
    maint: {
      synopsis: 'Controls node or service maintenance mode',
      load: async () => (await import('./commands/maint.ts')).maintCommand,
    },
    members: {
      synopsis: 'Lists the members of a Consul cluster',
      load: async () => (await import('./commands/members.ts')).membersCommand,
    },
    monitor: {
      synopsis: 'Stream logs from a Consul agent',
      load: async () => (await import('./commands/monitor.ts')).monitorCommand,
    },
    'operator autopilot get-config': {
      synopsis: 'Display the current Autopilot configuration',
      load: async () =>
        (await import('./commands/operator-autopilot-get-config.ts')).operatorAutopilotGetConfigCommand,
    },
    'operator autopilot set-config': {
      synopsis: 'Modify the current Autopilot configuration',
      load: async () =>
        (await import('./commands/operator-autopilot-set-config.ts')).operatorAutopilotSetConfigCommand,
    },
    'operator raft list-peers': {
      synopsis: 'Display the current Raft peer configuration',
      load: async () => (await import('./commands/operator-raft-list-peers.ts')).operatorRaftListPeersCommand,
    },
    'operator raft remove-peer': {
      synopsis: 'Remove a Consul server from the Raft configuration',
      load: async () =>
        (await import('./commands/operator-raft-remove-peer.ts')).operatorRaftRemovePeerCommand,
    },
    reload: {
      synopsis: 'Triggers the agent to reload configuration files',
      load: async () => (await import('./commands/reload.ts')).reloadCommand,
    },
    rtt: {
      synopsis: 'Estimates network round trip time between nodes',
      load: async () => (await import('./commands/rtt.ts')).rttCommand,
    },
    'services deregister': {
      synopsis: 'Deregister services with the local agent',
      load: async () => (await import('./commands/services-deregister.ts')).servicesDeregisterCommand,
    },
    'services register': {
      synopsis: 'Register services with the local agent',
      load: async () => (await import('./commands/services-register.ts')).servicesRegisterCommand,
    },
    'snapshot inspect': {
      synopsis: 'Displays information about a Consul snapshot file',
      load: async () => (await import('./commands/snapshot-inspect.ts')).snapshotInspectCommand,
    },
    'snapshot restore': {
      synopsis: 'Restores snapshot of Consul server state',
      load: async () => (await import('./commands/snapshot-restore.ts')).snapshotRestoreCommand,
    },
    'snapshot save': {
      synopsis: 'Saves snapshot of Consul server state',
      load: async () => (await import('./commands/snapshot-save.ts')).snapshotSaveCommand,
    },
    tls: absent('tls'),
    validate: {
      synopsis: 'Validate config files/directories',
      load: async () => (await import('./commands/validate.ts')).validateCommand,
    },
    version: {
      synopsis: 'Prints the Consul version',
      load: async () => (await import('./commands/version.ts')).versionCommand,
    },
    watch: {
      synopsis: 'Watch for changes in Consul',
      load: async () => (await import('./commands/watch.ts')).watchCommand,
    },
  },
};

/** A command that is only there to say that it is not. */
function absent(name: string): CommandEntry {
  return { synopsis: 'Not in Reeve', load: async () => absentCommand(name) };
}
