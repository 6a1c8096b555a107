// An agent with services and checks of its own beside a lone server, on virtual time. Probes find what a test
// says; files are kept in memory.

import type { RegisteringAgent } from '../../dist/http/agent.js';
import type { Route } from '../../dist/http/respond.js';
import { agentCheckRoutes } from '../../dist/http/routes/agent-checks.js';
import { agentHealthRoutes } from '../../dist/http/routes/agent-health.js';
import { agentMaintenanceRoutes } from '../../dist/http/routes/agent-maintenance.js';
import { agentServiceRoutes } from '../../dist/http/routes/agent-services.js';
import type { CheckResult, Probe } from '../../dist/local/checks/probe.js';
import { LocalAgent, type LocalAgentSettings } from '../../dist/local/local-agent.js';
import type { Folder } from '../../dist/local/persistence/folder.js';
import type { Folders } from '../../dist/local/persistence/registration-files.js';
import { type AskHttp, askOf, httpAgentOf } from './ask-http.js';
import { type LoneServer, startLoneServer } from './lone-server.js';
import { usualLocalSettings } from './usual-settings.js';

/** The agent and what is around it. */
export interface LocalAgentRig {
  readonly server: LoneServer;
  readonly local: LocalAgent;
  readonly ask: AskHttp;
  /** What all probes find, by the kind of check. */
  readonly finding: Record<'script' | 'http' | 'tcp' | 'grpc', CheckResult>;
  readonly folders: MemoryFolders;
}

/** A folder in memory. */
export class MemoryFolder implements Folder {
  readonly path = '';
  readonly files = new Map<string, Uint8Array>();
  /** What writing fails with, if it fails. */
  failure: string | undefined;

  list = async () => [...this.files.keys()].sort();
  read = async (name: string) => this.files.get(name);
  replace = async (name: string, bytes: Uint8Array) => {
    if (this.failure !== undefined) throw new Error(this.failure);
    this.files.set(name, bytes);
  };
  remove = async (name: string) => void this.files.delete(name);
}

/** Files that survive the agents that write them. */
export type MemoryFolders = { readonly [Name in keyof Folders]: MemoryFolder };

/** No files yet. */
export function memoryFolders(): MemoryFolders {
  return { services: new MemoryFolder(), checks: new MemoryFolder(), states: new MemoryFolder() };
}

/** An agent that has not started. */
export function createLocalAgentRig(
  changed: Partial<LocalAgentSettings> = {},
  folders = memoryFolders(),
  server = startLoneServer(),
): LocalAgentRig {
  const passing: CheckResult = { status: 'passing', output: '' };
  const finding = { script: passing, http: passing, tcp: passing, grpc: passing };
  const probe = (kind: keyof typeof finding) => (): Probe => (done) => {
    const timer = server.context.runtime.timers.after(0, () => done(finding[kind]));
    return () => timer.cancel();
  };
  const addresses = new Map([['lan', '127.0.0.1']]);
  const local = new LocalAgent({
    runtime: server.context.runtime,
    datacenter: 'dc1',
    caller: server.caller,
    node: { id: '', name: 'dev1', address: '127.0.0.1', taggedAddresses: addresses, meta: new Map() },
    tokens: { agent: '', user: '' },
    clusterSize: () => 1,
    probes: { script: probe('script'), http: probe('http'), tcp: probe('tcp'), grpc: probe('grpc') },
    folders,
    settings: { ...usualLocalSettings('dev1'), ...changed },
  });
  const ask = askOf<RegisteringAgent>({ ...httpAgentOf(server.caller), local }, routes, {
    alwaysPretty: true,
  });
  return { server, local, ask, finding, folders };
}

const routes: readonly Route<RegisteringAgent>[] = [
  ...agentServiceRoutes,
  ...agentCheckRoutes,
  ...agentHealthRoutes,
  ...agentMaintenanceRoutes,
];
