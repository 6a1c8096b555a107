// One class of hostile input at a server of Consul that is a process of its own and keeps what it knows on a
// disk, and what became of it: does it live, how much did it hold at most and afterwards, how long was its
// event loop busy, and was somebody who means no harm answered all the time. Next: honest-client.ts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConsulAgent, eventually, LoopbackNetwork } from '@reeve/interop';
import { askProbe, probedConsul } from '../agents/probed-agent.ts';
import { attack, type Places } from '../attack.ts';
import type { ConsulClass, ConsulPort } from './consul-class.ts';
import { HonestClient, type Service } from './honest-client.ts';

/** A server to be attacked. */
export interface Target {
  readonly agent: ConsulAgent;
  /** For the probe's socket. */
  readonly folder: string;
  /** Where attacks come from. */
  readonly attackerAddress: string;
  /** Where an honest client is. */
  readonly clientAddress: string;
}

/** What became of one class. */
export interface ConsulFinding {
  readonly name: string;
  readonly inputs: number;
  /** How the server ended, if it did. */
  readonly death: string | undefined;
  /** What it held more afterwards, after a collection. */
  readonly grownBytes: number;
  /** What was resident more at the worst moment; before a collection. */
  readonly peakBytes: number;
  readonly longestTurnMs: number;
  readonly loggedLines: number;
  readonly service: Service;
  /** What was still wrong at the end. */
  readonly lasting: readonly string[];
}

/** Runs a server as long as `use` does. */
export async function withServer<T>(use: (target: Target) => Promise<T>): Promise<T> {
  const network = await LoopbackNetwork.claim();
  const folder = mkdtempSync(join(tmpdir(), 'reeve-hostile-'));
  const server = ['-server', '-bootstrap-expect=1', '-node=target', `-data-dir=${folder}/data`];
  const settings = '-hcl=performance { raft_multiplier = 1 }';
  const agent = new ConsulAgent(probedConsul(folder), network.nextAddress(), [...server, settings]);
  try {
    await eventually('a leader is elected', () => agent.put('/v1/kv/ready', ''), startMs);
    return await use({
      agent,
      folder,
      attackerAddress: network.nextAddress(),
      clientAddress: network.nextAddress(),
    });
  } finally {
    await agent.kill();
    network.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Attacks. */
export async function tryConsulClass(
  target: Target,
  tried: ConsulClass,
  isBrief: boolean,
): Promise<ConsulFinding> {
  const { agent, folder, attackerAddress, clientAddress } = target;
  const { pid } = agent.child;
  const before = await askProbe(folder, pid);
  const linesBefore = linesOf(agent);
  const residentBytes = beginPeak(pid);
  const client = new HonestClient(agent.address, clientAddress);
  const scene = { host: agent.address, isBrief };
  const from = { from: attackerAddress, connectionsMax };
  const inputs = await attack(placesOf(agent.address), tried.inputs(scene), from);
  await delay(settleMs);
  const service = await client.stop();
  const peakBytes = memoryOf(pid, 'VmHWM') - residentBytes;
  const lasting = await aftermath(agent);
  const death = agent.child.isRunning ? undefined : await lastWords(agent);
  const after = death === undefined ? await askProbe(folder, pid) : before;
  return {
    name: tried.name,
    inputs,
    death,
    grownBytes: after.heldBytes - before.heldBytes,
    peakBytes,
    longestTurnMs: after.longestTurnMs,
    loggedLines: linesOf(agent) - linesBefore,
    service,
    lasting,
  };
}

/** The first lines of the table. */
export const consulTableHead = [
  '| class | inputs | deaths | growth MiB | peak MiB | longest turn ms | log lines | honest requests | ' +
    'unanswered | slowest ms | lasting effects |',
  '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |',
].join('\n');

/** One finding. */
export function consulRow(finding: ConsulFinding): string {
  const { name, inputs, death, grownBytes, peakBytes, longestTurnMs, loggedLines, service, lasting } =
    finding;
  const numbers = [
    inputs,
    death === undefined ? 0 : 1,
    (grownBytes / mebibyte).toFixed(1),
    (peakBytes / mebibyte).toFixed(0),
    longestTurnMs.toFixed(0),
    loggedLines,
    service.asked,
    service.failures.length,
    service.slowestMs.toFixed(0),
  ];
  const effects = death ?? ([...lasting, ...service.failures.slice(0, 3)].join('; ') || 'none');
  return `| ${[name, ...numbers, effects].join(' | ')} |`;
}

/** What no class may do. How long turns last is not judged: it depends on the machine. */
export function isHarmlessToConsul({ death, grownBytes, peakBytes, lasting }: ConsulFinding): boolean {
  return (
    death === undefined && grownBytes <= grownBytesMax && peakBytes <= peakBytesMax && lasting.length === 0
  );
}

interface RaftConfiguration {
  readonly Servers: readonly { readonly Address: string; readonly Voter: boolean }[];
}

/** Who says it is a server is believed, by the original too, and gets a vote only when it works as one. */
async function aftermath(agent: ConsulAgent): Promise<readonly string[]> {
  if (!agent.child.isRunning) return [];
  const check = async (): Promise<void> => {
    await agent.put('/v1/kv/after', 'attack');
    const leader = await agent.getJson('/v1/status/leader');
    if (leader !== `${agent.address}:8300`) throw new Error(`${String(leader)} leads`);
    const { Servers } = (await agent.getJson('/v1/operator/raft/configuration')) as RaftConfiguration;
    const voters = Servers.filter(({ Voter }) => Voter);
    if (voters.length !== 1) throw new Error(`who votes is ${voters.map(({ Address }) => Address).join()}`);
  };
  return eventually('it leads, alone has a vote, and takes writes', check, mendedWithinMs).then(
    () => [],
    (error: Error) => [error.message.replaceAll('\n', ': ')],
  );
}

function placesOf(host: string): Places<ConsulPort> {
  const at = (port: number) => `${host}:${port}`;
  return { server: at(8300), http: at(8500), dns: at(8600), lan: at(8301), wan: at(8302) };
}

/** Forgets the most memory that the process ever had; what it has now. */
function beginPeak(pid: number | undefined): number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  return memoryOf(pid, 'VmRSS');
}

function memoryOf(pid: number | undefined, name: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0; // it has ended
  }
}

function linesOf({ child }: ConsulAgent): number {
  return (child.stdout + child.stderr).split('\n').length;
}

async function lastWords({ child }: ConsulAgent): Promise<string> {
  const { exit, stdout, stderr } = await child.ended;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '');
  const reason = lines.find((line) => /FATAL|\[ERROR\]|Error:|panic:/.test(line)) ?? lines.at(-1);
  return `ended, exit ${exit}: ${reason}`;
}

const mebibyte = 1_024 * 1_024;
/** What may stay: the log, which is in memory up to the next snapshot, has what a class has written. */
const grownBytesMax = 64 * mebibyte;
/** All that the port, HTTP and gossip may hold together for everybody who means harm, and what is garbage. */
const peakBytesMax = 768 * mebibyte;
/** A server takes a hundred of one client; more are turned away at once. */
const connectionsMax = 95;
const mendedWithinMs = 15_000;
/** What was sent is worked off. */
const settleMs = 1_000;
const startMs = 60_000;
