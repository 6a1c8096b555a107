// A proxy as small as can be, in nginx's place: each visitor goes to the next server of the upstream file, or
// to the one after it if that does not answer.
//
//   node proxy.mjs ADDRESS PORT FILE

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [address, port, file] = process.argv.slice(2);
let turn = 0;

createServer(async (request, response) => {
  response.setHeader('Connection', 'close');
  const servers = [...readFileSync(file, 'utf8').matchAll(/server (\S+);/g)].map(([, server]) => server);
  for (const _ of servers) {
    turn += 1;
    try {
      const answer = await fetch(`http://${servers[turn % servers.length]}${request.url}`);
      return response.writeHead(answer.status).end(await answer.text());
    } catch {} // the next one
  }
  response.writeHead(503).end('nobody is there\n');
}).listen(Number(port), address);
