// What examples/web-service shows, with our program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('../../../../examples/web-service/run.mjs', import.meta.url));

test('a web server that stops, is overworked or is maintained is not named; no visitor notices', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 300_000 });
  const lines = [
    'the Consul server answers, and leads',
    'the two web servers of config/web1.json and web2.json pass their checks',
    'web\\.service\\.consul\\s+127\\S+  \\(web1\\)\\s+127\\S+  \\(web2\\)\\s+dig',
    'canary\\.web\\.service\\.consul\\s+127\\S+  \\(web1\\)\\s+dig',
    '1 1 8001 7f[0-9a-f]{6}\\.addr\\.dc1\\.consul\\.\\s+1 1 8002 7f',
    '\\{"consul":\\[\\],"web":\\["canary"\\]\\}',
    '"ServiceID":"web1".*"ServiceID":"web2"',
    'upstream web \\{\\s+server 127\\S+:8001;  # web1\\s+server 127\\S+:8002;  # web2\\s+\\}',
    'Success! Data written to: web/greeting',
    'two visits to the proxy: welcome from web1, welcome from web2',
    'its check is critical: Get "http://127\\S+:8002/health": dial tcp 127\\S+: connect: connection refused',
    'DNS names the other one alone, and so does the file of the proxy',
    'both are there again',
    'WARNING - 6 orders are waiting: DNS names it, the proxy does not',
    'CRITICAL - 20 orders are waiting: DNS does not name it either',
    'OK - 0 orders are waiting: it is there again',
    'Service maintenance is now enabled for "web2"',
    'DNS and the proxy name web1 alone',
    'ID:     web2\\s+Reason: upgrade',
    'Service maintenance is now disabled for "web2"',
    'Configuration reload triggered',
    'DNS and the proxy name all three.*1 1 8003 7f',
    'DNS and the proxy name the first two',
    'somebody visited the proxy \\d+ times, 0 times in vain\n$',
  ];
  assert.match(stdout, new RegExp(lines.join('.*'), 's'));
});
