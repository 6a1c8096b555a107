// The flags of `consul agent`. Texts were taken from the real program.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '@reeve/cli';
import { agentFlags, configRequest } from '../../dist/config/flags.js';

function request(...argv: readonly string[]) {
  return configRequest(parseFlags(agentFlags, argv));
}

test('T1-8: every flag of the original is there, and no other', () => {
  const names = `advertise advertise-wan allow-write-http-from alt-domain bind bootstrap bootstrap-expect
    check_output_max_size client config-dir config-file config-format data-dir datacenter default-query-time
    dev disable-host-node-id disable-keyring-file dns-port domain enable-local-script-checks
    enable-script-checks encrypt grpc-port hcl http-port https-port join join-wan log-file log-json log-level
    log-rotate-bytes log-rotate-duration log-rotate-max-files max-query-time node node-id node-meta
    non-voting-server pid-file primary-gateway protocol raft-protocol recursor rejoin retry-interval
    retry-interval-wan retry-join retry-join-wan retry-max retry-max-wan segment serf-lan-allowed-cidrs
    serf-lan-bind serf-lan-port serf-wan-allowed-cidrs serf-wan-bind serf-wan-port server server-port syslog
    ui ui-content-path ui-dir`;
  assert.deepEqual(Object.keys(agentFlags).sort(), names.split(/\s+/).sort());
});

test('T1-8: files and directories are read in the order of their flags', () => {
  const { paths } = request('-config-dir=a', '-config-file', 'b', '--config-dir', 'c');
  assert.deepEqual(paths, ['a', 'b', 'c']);
});

test('T1-8: a flag may be repeated where the setting is a list, else its last word counts', () => {
  const { flagLists, flagValues } = request('-join=a', '-join=b', '-node=c', '-node=d', '-server=false');
  assert.deepEqual(flagLists, [{ startJoin: ['a', 'b'] }]);
  assert.deepEqual(flagValues, [{ nodeName: 'd' }, { server: false }]);
});

test('T1-8: flags that cannot be read are refused in the words of the original', () => {
  const refusals = [
    ['-bogus', 'flag provided but not defined: -bogus'],
    ['-http-port', 'flag needs an argument: -http-port'],
    [
      '-bootstrap-expect=0x3',
      'invalid value "0x3" for flag -bootstrap-expect: strconv.Atoi: parsing "0x3": invalid syntax',
    ],
    ['-dev=x', 'invalid boolean value "x" for -dev: strconv.ParseBool: parsing "x": invalid syntax'],
    ['-config-format=x', "config: -config-format must be either 'hcl' or 'json'"],
  ] as const;
  for (const [word, message] of refusals) assert.throws(() => request(word), { message });
});
