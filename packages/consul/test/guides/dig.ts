// As much of dig as the guides use: `dig @ADDRESS -p PORT NAME [SRV] +short`.

import { Resolver } from 'node:dns/promises';

const words = process.argv.slice(2).filter((word) => word !== '+short');
const address = words.find((word) => word.startsWith('@'))?.slice(1);
const port = words[words.indexOf('-p') + 1];
const [name = '', type] = words.slice(words.indexOf('-p') + 2);
const resolver = new Resolver({ timeout: 1_000, tries: 1 });
resolver.setServers([`${address}:${port}`]);
try {
  for (const line of await answers()) console.log(line);
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (!['ENOTFOUND', 'ENODATA'].includes(code)) console.log(`;; ${code}`);
}

async function answers(): Promise<readonly string[]> {
  if (type !== 'SRV') return resolver.resolve4(name);
  const records = await resolver.resolveSrv(name);
  return records.map((it) => `${it.priority} ${it.weight} ${it.port} ${it.name}.`);
}
