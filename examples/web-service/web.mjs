// A web server, as far as this example needs one: its page is the greeting in the key `web/greeting`, and its
// name. It says that it is well, too.
//
//   node web.mjs NAME ADDRESS PORT CONSUL

import { createServer } from 'node:http';

const [name, address, port, consul] = process.argv.slice(2);

createServer(async (request, response) => {
  response.setHeader('Connection', 'close'); // nobody asks on a connection that has just been given up
  if (request.url === '/health') return response.end(`${name} is well\n`);
  const greeting = await fetch(`http://${consul}/v1/kv/web/greeting?raw`).then(
    (answer) => (answer.ok ? answer.text() : 'hello'),
    () => 'hello',
  );
  response.end(`${greeting} from ${name}\n`);
}).listen(Number(port), address);
