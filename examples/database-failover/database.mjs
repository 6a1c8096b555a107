// A database, as far as this example needs one: it takes rows while it is the primary, refuses them while it
// is a replica, and says that it is well.
//
//   node database.mjs ADDRESS PORT

import { createServer } from 'node:http';

const [address, port] = process.argv.slice(2);
let role = 'replica';

const answers = {
  'GET /health': () => [200, `a well ${role}\n`],
  'PUT /primary': () => become('primary'),
  'PUT /replica': () => become('replica'),
  'POST /rows': () => (role === 'primary' ? [200, 'stored\n'] : [409, 'only the primary takes rows\n']),
};

createServer((request, response) => {
  const [status, text] = answers[`${request.method} ${request.url}`]?.() ?? [404, ''];
  response.writeHead(status).end(text);
}).listen(Number(port), address);

function become(wanted) {
  role = wanted;
  return [200, `${role}\n`];
}
