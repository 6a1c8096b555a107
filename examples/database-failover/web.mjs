// A web server that knows no address but that of its agent: for each row it asks DNS where the primary is.
//
//   node web.mjs ADDRESS PORT DATABASE_PORT

import { Resolver } from 'node:dns/promises';
import { createServer } from 'node:http';

const [address, port, databasePort] = process.argv.slice(2);
const resolver = new Resolver({ timeout: 1_000, tries: 1 });
resolver.setServers([`${address}:8600`]);

createServer(async (request, response) => {
  if (request.url === '/health') return response.end('well\n');
  try {
    response.end(`${await store()}\n`);
  } catch (error) {
    response.writeHead(503).end(`${error.message}\n`);
  }
}).listen(Number(port), address);

/** Stores a row in the primary; resolves to the primary's address. */
async function store() {
  const [primary] = await resolver.resolve4('primary.db.service.consul');
  const { ok } = await fetch(`http://${primary}:${databasePort}/rows`, {
    method: 'POST',
    signal: AbortSignal.timeout(1_000),
  });
  if (!ok) throw new Error(`${primary} is no primary`);
  return primary;
}
