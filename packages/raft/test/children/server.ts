// One server in a process of its own, so that it can be killed. Its parent tells it what to write, and hears
// what was acknowledged; see ../kill.test.ts.

import { connectByFirstByte, defaultConfig, openSnapshots, RaftNode } from '@reeve/raft';
import { createNodeRuntime } from '@reeve/runtime/node';
import { openLog } from '../log-kit.ts';
import { afterFirstByte, ListMachine } from '../simulation/server.ts';

const [directory = '', id = '', host = '', peers = ''] = process.argv.slice(2);
const machine = new ListMachine();
const runtime = createNodeRuntime({ log: () => {} });
const tell = (message: unknown): void => {
  process.send?.(message);
};

const store = await openLog(directory);
openSnapshots(runtime.disk, directory, (snapshots) => {
  if (!snapshots.ok) throw snapshots.error;
  const node = new RaftNode({
    runtime,
    config: { ...defaultConfig, snapshotThreshold: 500, trailingLogs: 100, snapshotIntervalMs: 100 },
    id,
    address: `${host}:8300`,
    store,
    snapshots: snapshots.value,
    stateMachine: machine,
    connect: connectByFirstByte(runtime.network, 2_000),
    onChange: () => tell({ kind: 'changed', isLeader: node.state.role === 'leader', term: node.state.term }),
    onFatal: (error) => {
      throw error;
    },
  });
  const servers = peers
    .split(',')
    .map((ip) => ({ suffrage: 'voter' as const, id: ip, address: `${ip}:8300` }));
  if (node.state.term === 0) node.bootstrap({ servers });
  runtime.network.listen(
    { host, port: 8300 },
    (stream) => afterFirstByte(stream, () => node),
    (listening) => {
      if (!listening.ok) throw listening.error;
    },
  );
  process.on('message', (text: string) => {
    if (text === 'state')
      return tell({ kind: 'state', texts: machine.commands.map((command) => command.text) });
    node.apply(Buffer.from(text), 1_000, (result) => tell({ kind: 'written', text, isOk: result.ok }));
  });
});
