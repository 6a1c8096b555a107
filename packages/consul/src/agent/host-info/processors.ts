// Processors, one by one. Source: gopsutil cpu_linux.go (Info).

import { cpus } from 'node:os';
import type { JsonOutput } from '@reeve/cli';
import { namedValues, systemFile } from './system-file.ts';

/** Those that the system has. */
export async function processorsInfo(): Promise<JsonOutput> {
  const blocks = (await systemFile('/proc/cpuinfo')).split('\n\n').map((block) => namedValues(block));
  const told = blocks.filter((values) => values.has('processor'));
  return Promise.all(cpus().map((cpu, index) => processorInfo(index, told[index] ?? new Map(), cpu)));
}

async function processorInfo(
  index: number,
  values: ReadonlyMap<string, string>,
  { model, speed }: { readonly model: string; readonly speed: number },
): Promise<JsonOutput> {
  const ofSystem = async (name: string): Promise<string> =>
    (await systemFile(`/sys/devices/system/cpu/cpu${index}/${name}`)).trim();
  const kilohertzMax = Number.parseFloat(await ofSystem('cpufreq/cpuinfo_max_freq'));
  const number = (name: string): number => Number.parseInt(values.get(name) ?? '0', 10);
  return {
    cpu: Number(values.get('processor') ?? index),
    vendorId: values.get('vendor_id') ?? '',
    family: values.get('cpu family') ?? '',
    model: values.get('model') ?? '',
    stepping: number('stepping'),
    physicalId: values.get('physical id') ?? '',
    coreId: (await ofSystem('topology/core_id')) || (values.get('core id') ?? ''),
    cores: 1,
    modelName: values.get('model name') ?? model,
    mhz: kilohertzMax > 0 ? kilohertzMax / 1000 : Number.parseFloat(values.get('cpu MHz') ?? `${speed}`),
    cacheSize: number('cache size'),
    flags: (values.get('flags') ?? '').split(/[ ,]+/).filter((flag) => flag !== ''),
    microcode: values.get('microcode') ?? '',
  };
}
