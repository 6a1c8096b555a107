// Every capture of the real program's DNS that a server alone in its datacenter can show.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureNames, readDig } from '@reeve/golden';
import { type DnsSettings, defaultDnsSettings, Resolver } from '../../dist/dns/index.js';
import { type AskHttp, httpOf } from '../kit/ask-http.ts';
import { startLoneServer } from '../kit/lone-server.ts';
import { comparable, digText, queryOf } from './dig-text.ts';
import { startRecursor } from './fake-recursor.ts';
import { registerCustomDomain, registerDev, registerOptions } from './recorded-catalogs.ts';

type Register = (ask: AskHttp) => Promise<void>;

function goldensOf(names: readonly string[], item: string, settings: DnsSettings, register: Register): void {
  for (const name of names)
    test(`${item}: ${name} is answered as by the real program`, async () => {
      const server = startLoneServer();
      startRecursor(server.world);
      await register(httpOf(server.caller));
      const resolver = new Resolver(server.caller, server.context.runtime, settings);
      const dig = readDig(name);
      const answering = resolver.answer(queryOf(dig), dig.transport);
      await server.run(100);
      const answer = await answering;
      assert.ok(answer !== undefined && dig.answer !== undefined);
      assertSame(comparable(digText(answer)), comparable(dig.answer));
      resolver.close();
    });
}

/** Which of many instances are drawn is chance; how many, and what records of them, is not. */
function assertSame(ours: ReturnType<typeof comparable>, theirs: ReturnType<typeof comparable>): void {
  const draw = (text: string) => text.replaceAll(/\b([ml])\d+\b|127\.0\.[12]\.\d+|9[01]\d\d/g, '#');
  const isDrawn =
    theirs.answers.length !== everybody &&
    theirs.answers.some((line) => / (?:9[01]\d\d|127\.0\.1\.)/.test(line));
  const shape = (answer: typeof ours) => ({
    ...answer,
    answers: answer.answers.map(draw).sort(),
    additional: answer.additional.map(draw).sort(),
  });
  if (isDrawn) assert.deepEqual(shape(ours), shape(theirs));
  else assert.deepEqual(ours, theirs);
}

const everybody = 12;

const dev = ['node', 'service', 'zone', 'limits', 'rfc2782', 'addr', 'ptr'].flatMap((area) =>
  captureNames(`dns/${area}`, 'consul').map((name) => name.slice('dns/'.length)),
);
const withoutAnswer = ['zone/axfr'];
const basics = dev.filter((name) => /^(node|service)\//.test(name));
const sizes = dev.filter((name) => name.startsWith('limits/'));
const others = dev.filter((name) => /^(zone|rfc2782|addr|ptr)\//.test(name) && !withoutAnswer.includes(name));
goldensOf(basics, 'T0-19', defaultDnsSettings, registerDev);
goldensOf(sizes, 'T0-20', defaultDnsSettings, registerDev);
goldensOf(others, 'T1-7', defaultDnsSettings, registerDev);
goldensOf(['query/missing'], 'T1-7', defaultDnsSettings, registerDev);

const withOptions: DnsSettings = {
  ...defaultDnsSettings,
  altDomain: 'alt.example.',
  recursors: [{ host: '10.0.0.53', port: 53 }],
  serviceTtls: new Map([
    ['*', 5],
    ['web', 30],
    ['ma*', 15],
  ]),
  nodeTtl: 10,
  zone: { refresh: 7_200, retry: 300, expire: 43_200, minTtl: 30 },
  onlyPassing: true,
  udpAnswersMax: 2,
  addressesMax: 4,
  marksTruncated: true,
  addsNodeMeta: false,
};
const options = captureNames('dns/config', 'consul').map((name) => name.slice('dns/'.length));
const ttls = options.filter((name) => name.includes('ttl'));
goldensOf(ttls, 'T0-20', withOptions, registerOptions);
goldensOf(
  options.filter((name) => !name.includes('ttl')),
  'T1-7',
  withOptions,
  registerOptions,
);

const customDomain: DnsSettings = {
  ...defaultDnsSettings,
  domain: 'example.internal.',
  udpAnswersMax: 20,
  compressesNames: false,
};
goldensOf(
  captureNames('dns/config2', 'consul').map((name) => name.slice('dns/'.length)),
  'T1-7',
  customDomain,
  registerCustomDomain,
);
