// What is fuzzed of a data directory, besides raft's part: files that keep registrations, and the node's id.

import assert from 'node:assert/strict';
import { encodeText } from '@reeve/bytes';
import { JsonError } from '@reeve/cli';
import { type FuzzTarget, Refused } from '@reeve/fuzz';
import { type Disk, DiskError } from '@reeve/runtime';
import { SeededRandom } from '@reeve/runtime/virtual';
import { findNodeId } from '../../dist/agent/data-directory/node-id.js';
import { decodeJson, JsonMisfit, type Kind } from '../../dist/json/decode.js';
import {
  checkFile,
  checkFileText,
  type PersistedCheck,
  type PersistedService,
  serviceFile,
  serviceFileText,
  stateFile,
  stateFileText,
} from '../../dist/local/persistence/registration-texts.js';

/** A file that is read is written again alike; `textOf` gives none for one that is left alone. */
function kept<T>(
  name: string,
  kind: Kind<T>,
  textOf: (it: T) => string | undefined,
  seed: string,
): FuzzTarget {
  return {
    name,
    promise: 'a damaged file is refused, or says the same when it is written again',
    seeds: [encodeText(seed)],
    open: () => ({
      run: (input) => {
        const text = textOf(decodeJson(input, kind));
        if (text !== undefined) assert.equal(textOf(decodeJson(encodeText(text), kind)), text);
      },
    }),
    refuses: (error) => error instanceof JsonError || error instanceof JsonMisfit,
  };
}

const serviceText = ({ service, ...rest }: PersistedService): string | undefined =>
  service === null ? undefined : serviceFileText({ service, ...rest });
const checkText = ({ check, ...rest }: PersistedCheck): string | undefined =>
  check === null ? undefined : checkFileText({ check, ...rest });

const services = kept(
  'files of services',
  serviceFile,
  serviceText,
  '{"Token":"t","Service":{"ID":"web1","Service":"web","Tags":["a"],"Address":"h","TaggedAddresses":{"lan":' +
    '{"Address":"h","Port":1}},"Meta":{"x":"y"},"Port":80,"Weights":{"Passing":1,"Warning":2},' +
    '"EnableTagOverride":true,"Proxy":{"MeshGateway":{},"Expose":{}},"Connect":{}},"Source":"remote"}',
);

const checks = kept(
  'files of checks',
  checkFile,
  checkText,
  '{"Check":{"Node":"n","CheckID":"service:web1","Name":"web","Status":"critical","Notes":"","Output":"o",' +
    '"ServiceID":"web1","ServiceName":"web","ServiceTags":["a"],"Type":"ttl","Definition":{}},"ChkType":' +
    '{"CheckID":"","TTL":3600000000000,"HTTP":"h","Header":{"a":["b"]},"Interval":1,"OutputMaxSize":4096},' +
    '"Token":"","Source":"remote"}',
);

const states = kept(
  'files of statuses',
  stateFile,
  stateFileText,
  '{"CheckID":"service:web1","Output":"fine","Status":"passing","Expires":1795300000}',
);

const identity = {
  nodeId: '',
  nodeName: 'n',
  dataDir: '/data',
  disableHostNodeId: true,
};

const nodeIds: FuzzTarget = {
  name: 'node-id',
  promise: 'a damaged id is refused with the file, or is a UUID',
  seeds: ['d7e01e44-2ad9-4a2c-9b7c-fe3a9c7c7e42', ' D7E01E44-2AD9-4A2C-9B7C-FE3A9C7C7E42\n'].map(encodeText),
  open: () => ({
    run: (input) => {
      const sources = { disk: diskWith(input), random: new SeededRandom(1), hostId: undefined };
      findNodeId(identity as never, sources, (found) => {
        if (found.ok) return assert.match(found.value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.match(found.error.message, /^NodeID in \/data\/node-id is invalid: /);
        throw new Refused();
      });
    },
  }),
};

/** A disk whose files can only be read, and are all the same. */
function diskWith(content: Uint8Array): Disk {
  const failure = new DiskError('EROFS', 'read-only file system');
  const refuse = (...args: readonly unknown[]): void => {
    (args.at(-1) as (result: unknown) => void)({ ok: false, error: failure });
  };
  const read: Disk['read'] = (_path, _bytesMax, done) => done({ ok: true, value: content });
  return {
    read,
    openAppend: refuse,
    openRandomAccess: refuse,
    list: refuse,
    remove: refuse,
    replace: refuse,
  };
}

/** All of them. */
export const fileTargets: readonly FuzzTarget[] = [services, checks, states, nodeIds];
