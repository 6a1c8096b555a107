// The operating system and its name. Source: gopsutil host_linux.go (Info, PlatformInformation).

import { readdir } from 'node:fs/promises';
import { hostname, release, uptime } from 'node:os';
import type { JsonOutput } from '@reeve/cli';
import { hostId } from './host-id.ts';
import { namedValues, systemFile } from './system-file.ts';

/** Who it is, and for how long. Whether it is a virtual machine nobody has looked. */
export async function systemInfo(): Promise<JsonOutput> {
  const about = namedValues(await systemFile('/etc/os-release'), '=');
  const told = (name: string): string => (about.get(name) ?? '').replace(/^"(.*)"$/, '$1');
  const upSeconds = Math.floor(uptime());
  const platform = told('ID') || process.platform;
  return {
    hostname: hostname(),
    uptime: upSeconds,
    bootTime: Math.floor(Date.now() / 1000) - upSeconds,
    procs: await processes(),
    os: process.platform,
    platform,
    platformFamily: families.get(platform) ?? '',
    platformVersion: await platformVersion(platform, told('VERSION_ID')),
    kernelVersion: release(),
    kernelArch: kernelArchitectures.get(process.arch) ?? process.arch,
    virtualizationSystem: '',
    virtualizationRole: '',
    hostid: hostId() ?? '',
  };
}

/** Debian tells more of itself elsewhere. */
async function platformVersion(platform: string, version: string): Promise<string> {
  if (platform !== 'debian') return version;
  return (await systemFile('/etc/debian_version')).trim() || version;
}

async function processes(): Promise<number> {
  const entries = await readdir('/proc').catch(() => []);
  return entries.filter((name) => /^\d+$/.test(name)).length;
}

/** Whose packages it has. */
const families: ReadonlyMap<string, string> = new Map([
  ...['debian', 'ubuntu', 'linuxmint', 'raspbian'].map((name) => [name, 'debian'] as const),
  ...['redhat', 'rhel', 'centos', 'rocky', 'almalinux', 'oracle', 'scientific', 'amazon'].map(
    (name) => [name, 'rhel'] as const,
  ),
  ...['suse', 'opensuse', 'sles'].map((name) => [name, 'suse'] as const),
  ...['fedora', 'arch', 'alpine', 'gentoo'].map((name) => [name, name] as const),
]);
const kernelArchitectures: ReadonlyMap<string, string> = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['ia32', 'i686'],
]);
