// The commands of `serf`. Each is loaded when it is called, so that `serf members` does not load an agent.
// Next: commands/, one file each; ../main.ts runs this.

import type { Program } from '@reeve/cli';

/** The `serf` program. */
export const serfProgram: Program = {
  name: 'serf',
  commands: {
    agent: {
      synopsis: 'Runs a Serf agent',
      load: async () => (await import('./commands/agent.ts')).agentCommand,
    },
    event: {
      synopsis: 'Send a custom event through the Serf cluster',
      load: async () => (await import('./commands/event.ts')).eventCommand,
    },
    'force-leave': {
      synopsis: 'Forces a member of the cluster to enter the "left" state',
      load: async () => (await import('./commands/force-leave.ts')).forceLeaveCommand,
    },
    info: {
      synopsis: 'Provides debugging information for operators',
      load: async () => (await import('./commands/info.ts')).infoCommand,
    },
    join: {
      synopsis: 'Tell Serf agent to join cluster',
      load: async () => (await import('./commands/join.ts')).joinCommand,
    },
    keygen: {
      synopsis: 'Generates a new encryption key',
      load: async () => (await import('./commands/keygen.ts')).keygenCommand,
    },
    keys: {
      synopsis: 'Manipulate the internal encryption keyring used by Serf',
      load: async () => (await import('./commands/keys.ts')).keysCommand,
    },
    leave: {
      synopsis: 'Gracefully leaves the Serf cluster and shuts down',
      load: async () => (await import('./commands/leave.ts')).leaveCommand,
    },
    members: {
      synopsis: 'Lists the members of a Serf cluster',
      load: async () => (await import('./commands/members.ts')).membersCommand,
    },
    monitor: {
      synopsis: 'Stream logs from a Serf agent',
      load: async () => (await import('./commands/monitor.ts')).monitorCommand,
    },
    query: {
      synopsis: 'Send a query to the Serf cluster',
      load: async () => (await import('./commands/query.ts')).queryCommand,
    },
    reachability: {
      synopsis: 'Test network reachability',
      load: async () => (await import('./commands/reachability.ts')).reachabilityCommand,
    },
    rtt: {
      synopsis: 'Estimates network round trip time between nodes',
      load: async () => (await import('./commands/rtt.ts')).rttCommand,
    },
    simulate: {
      synopsis: 'Tells what settings will do, by simulating a cluster',
      load: async () => (await import('./commands/simulate.ts')).simulateCommand,
    },
    swarm: {
      synopsis: 'Runs many members in one process, for development and load tests',
      load: async () => (await import('./commands/swarm.ts')).swarmCommand,
    },
    tags: {
      synopsis: 'Modify tags of a running Serf agent',
      load: async () => (await import('./commands/tags.ts')).tagsCommand,
    },
    validate: {
      synopsis: 'Checks a configuration without starting an agent',
      load: async () => (await import('./commands/validate.ts')).validateCommand,
    },
    version: {
      synopsis: 'Prints the Serf version',
      load: async () => (await import('./commands/version.ts')).versionCommand,
    },
  },
};
