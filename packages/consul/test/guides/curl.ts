// As much of curl as the guides use: `-X`, `-d`, `--data-binary`, `-s`, `-i`, `-o`, `-w '%{http_code}'`.

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    request: { type: 'string', short: 'X' },
    data: { type: 'string', short: 'd' },
    'data-binary': { type: 'string' },
    silent: { type: 'boolean', short: 's' },
    include: { type: 'boolean', short: 'i' },
    output: { type: 'string', short: 'o' },
    'write-out': { type: 'string', short: 'w' },
  },
});
const data = values.data ?? values['data-binary'];
const response = await fetch(positionals[0] ?? '', {
  method: values.request ?? 'GET',
  ...(data === undefined ? {} : { body: data.startsWith('@') ? readFileSync(data.slice(1)) : data }),
});
const text = await response.text();
if (values.include === true) {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\n`);
  process.stdout.write(`HTTP/1.1 ${response.status}\n${headers.join('')}\n`);
}
if (values.output !== undefined) writeFileSync(values.output, text);
else process.stdout.write(text);
process.stdout.write((values['write-out'] ?? '').replace('%{http_code}', String(response.status)));
