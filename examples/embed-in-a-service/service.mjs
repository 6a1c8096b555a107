// An HTTP service whose instances know each other: each is a serf member, there is no registry and no list of
// addresses to keep. Started with --name, --gossip, --http and, from the second on, --join.
//
//   GET  /          who answers, and who else is there, and where each serves HTTP
//   GET  /load      the load of every instance, asked for at this moment
//   POST /announce  tells every instance the request's body; GET /announcements shows what was told here

// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createSerf } from '@reeve/serf';

const { values } = parseArgs({
  options: {
    name: { type: 'string' },
    gossip: { type: 'string' },
    http: { type: 'string', default: '8000' },
    join: { type: 'string', multiple: true, default: [] },
  },
});

const server = createServer((request, response) => {
  answer(request).then(
    (value) => response.end(`${JSON.stringify(value, null, 2)}\n`),
    (error) => response.writeHead(500).end(`${error.message}\n`),
  );
});
server.listen(Number(values.http)); // at every address: the others are told the one that gossip has
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' && address ? address.port : 0;

const serf = await createSerf({
  name: values.name,
  bind: values.gossip,
  join: values.join,
  tags: { role: 'web', http: String(port) },
});
/** @type {string[]} */
const announcements = [];
serf.on('user:announce', ({ payload }) => announcements.push(payload.toString()));
serf.on('query:load', (query) => query.respond(String(loadavg()[0])));
serf.on('member-failed', ({ members }) => console.log('lost', members.map(({ name }) => name).join(', ')));

const { name, host, port: gossipPort } = serf.self;
console.log(`${name} serves http://${host}:${port}/ and gossips on ${host}:${gossipPort}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

/** @param {import('node:http').IncomingMessage} request */
async function answer(request) {
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return { name: serf.self.name, peers: peers() };
    case 'GET /load':
      return loads();
    case 'POST /announce':
      serf.userEvent('announce', await text(request));
      return { told: peers().length + 1 };
    case 'GET /announcements':
      return announcements;
    default:
      throw new Error('no such page');
  }
}

function peers() {
  return serf
    .members()
    .filter(({ name, status }) => status === 'alive' && name !== serf.self.name)
    .map(({ name, host, tags }) => ({ name, url: `http://${host}:${tags.http}/` }));
}

async function loads() {
  const expected = peers().length + 1;
  /** @type {Record<string, number>} */
  const loads = {};
  for await (const { from, payload } of serf.query('load', '', { timeoutMs: 2_000 })) {
    loads[from] = Number(payload);
    if (Object.keys(loads).length === expected) break; // nobody else will answer
  }
  return loads;
}

/** Says goodbye to the others, and ends when nothing is left to do. */
function stop() {
  server.close();
  serf.close().catch((error) => console.error(error));
}
