// Configuration files are fuzzed in both languages, up to the configuration that is made of them.

import { encodeText } from '@reeve/bytes';
import type { FuzzTarget } from '@reeve/fuzz';
import { buildConfig } from '../../dist/config/build/build-config.js';
import { BuildContext } from '../../dist/config/build/build-context.js';
import { ConfigError } from '../../dist/config/config-error.js';
import { decodeSource } from '../../dist/config/decode-source.js';
import { settings } from '../../dist/config/settings/settings.js';
import { defaultSettings } from '../../dist/config/sources.js';
import { testHost } from '../kit/load-text.ts';

function target(format: 'json' | 'hcl', seeds: readonly string[]): FuzzTarget {
  return {
    name: `${format} configuration`,
    promise: `damaged ${format} files are refused with a sentence, or are a configuration`,
    seeds: seeds.map(encodeText),
    open: () => ({
      run: (input) => {
        const decoded = decodeSource({ name: 'a', format, bytes: input });
        const given = settings.merge(defaultSettings, decoded.settings);
        const context = new BuildContext(testHost);
        buildConfig(given, true, context);
        context.problems.settle();
      },
    }),
    refuses: (error) => error instanceof ConfigError,
  };
}

/** Settings of every kind. */
export const configTargets: readonly FuzzTarget[] = [
  target('json', [
    '{"bind_addr":"127.0.0.1","ports":{"http":1},"services":[{"name":"a","check":{"ttl":"1s"}}]}',
    '{"bind_addr":"{{ GetInterfaceIP \\"eth0\\" }}","node_meta":{"a":"b"},"watches":[{"type":["key"]}]}',
  ]),
  target('hcl', [
    'bind_addr = "127.0.0.1" service "a" { port = 010 } # b\nretry_join = ["a", <<E\nb\nE\n]',
    'ports { http = -0x1 } service { name = "\x24{a}" meta { a = "\\u00e9" } weights { passing = 1.5 } }',
  ]),
];
