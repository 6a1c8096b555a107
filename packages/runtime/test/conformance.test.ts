// Both implementations against the suite of the contract.

import { after, test } from 'node:test';
import { runtimeConformance } from '@reeve/runtime/conformance';
import { nodeSubject } from './node-subject.ts';
import { openSilentPort } from './silent-port.ts';
import { virtualSubject } from './virtual-subject.ts';

const silentPort = await openSilentPort();
after(() => silentPort.close());

for (const subject of [virtualSubject(1), virtualSubject(4711), nodeSubject(silentPort.endpoint)]) {
  for (const { name, run } of runtimeConformance(subject)) test(name, run);
}
