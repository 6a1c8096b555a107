// Answers questions about names in the zone. Upstream: agent/dns.go (handleQuery, doDispatch, nodeLookup,
// serviceLookup, resolveCNAME). Records are composed in answers/, by pure functions; this is who asks the
// catalog, follows host names, and says what is wrong. Next: name-form.ts, answers/instance-records.ts.

import type { Runtime } from '@reeve/runtime';
import { consulService, type InstanceHealth, type Node } from '../core/index.ts';
import { Remembered } from '../remembered/by-key.ts';
import { isError, noPathToDatacenter } from '../rpc/known-errors.ts';
import type { InstancesHealth } from '../rpc/methods/index.ts';
import { rescued, type Soon, soon } from '../waiting/soon.ts';
import { emptyAnswer, type ZoneAnswer } from './answer.ts';
import { addressRecord } from './answers/addresses.ts';
import { type Followed, nothingFollowed } from './answers/followed.ts';
import { isHealthy } from './answers/health.ts';
import { hostNameOfInstance, type InstanceQuestion, instanceRecords } from './answers/instance-records.ts';
import { hostNameOfNode, metaRecords, nodeRecords } from './answers/node-records.ts';
import { drawn, offer, type ServiceRecords, serviceRecords } from './answers/service-answer.ts';
import { answersMaxOf, trim } from './answers/trim.ts';
import { isNameServer, type NameServers, nameServers, zoneRecord } from './answers/zone-records.ts';
import type { Catalog } from './catalog.ts';
import { ComposedRecords } from './composed-records.ts';
import type { Transport } from './exchange.ts';
import { type AddressForm, isWithin, type NameForm, parseName, type ServiceForm } from './name-form.ts';
import type { Recursors } from './recursors.ts';
import { type DnsSettings, serviceTtl } from './settings.ts';
import { domainName } from './wire/domain-name.ts';
import { type Question, responseCode } from './wire/message.ts';
import { internetClass, type ResourceRecord, recordType } from './wire/record.ts';

/** What the zone is made of. */
export interface ZoneParts {
  readonly runtime: Runtime;
  readonly settings: DnsSettings;
  readonly catalog: Catalog;
  readonly recursors: Recursors;
}

/** A question, and how it came. */
export interface Asked {
  readonly question: Question;
  readonly transport: Transport;
  /** What the client takes over UDP; undefined without EDNS. */
  readonly payloadBytes: number | undefined;
  /** How many aliases within the zone may still be followed. */
  readonly followsLeft: number;
}

/** Aliases of aliases are followed so deep (upstream: maxRecursionLevelDefault). */
export const followsMax = 3;

/** Our zone. */
export class Zone {
  readonly #runtime: Runtime;
  readonly #settings: DnsSettings;
  readonly #catalog: Catalog;
  readonly #recursors: Recursors;
  readonly #composed = new ComposedRecords();
  /** What is asked for, by questions that may come again. */
  readonly #forms = new Remembered<Question, NameForm>();

  constructor({ runtime, settings, catalog, recursors }: ZoneParts) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#catalog = catalog;
    this.#recursors = recursors;
  }

  /** The answer; whatever goes wrong is one, too. */
  answer(asked: Asked): Soon<ZoneAnswer> {
    return rescued(
      () => this.#ofType(asked),
      (error) => this.#failure(error),
    );
  }

  /** The start of authority, now. */
  start(): ResourceRecord {
    return zoneRecord(this.#settings, this.#runtime.clock.wallTime() / 1_000);
  }

  /** Questions about the zone itself are answered for every name in it. */
  #ofType(asked: Asked): Soon<ZoneAnswer> {
    switch (asked.question.type) {
      case recordType.soa:
        return this.#nameServers(asked).then(({ servers, addresses }) => {
          return { ...emptyAnswer, answers: [this.start()], authority: servers, additional: addresses };
        });
      case recordType.ns:
        return this.#nameServers(asked).then(({ servers, addresses }) => {
          return { ...emptyAnswer, answers: servers, additional: addresses };
        });
      case recordType.axfr:
        return { ...emptyAnswer, code: responseCode.notImplemented };
      default:
        return this.#ofName(asked);
    }
  }

  #ofName(asked: Asked): Soon<ZoneAnswer> {
    const { name, type } = asked.question;
    const form = this.#forms.of(asked.question, () => parseName(name.text, type, this.#settings));
    switch (form.kind) {
      case 'node':
        if (!nodeTypes.has(type)) return emptyAnswer;
        return this.#catalog.node(form.node, form.datacenter).then((node) => this.#ofNode(node, asked));
      case 'service':
      case 'connect':
      case 'ingress':
        return this.#ofService(form, asked);
      case 'query':
        // There are no prepared queries yet: each is an unknown one.
        return { ...this.#noSuchName(), isForSubnet: true };
      case 'address':
        return this.#ofAddress(form);
      case 'invalid':
        this.#runtime.log('warn', `agent.dns: QName invalid: qname=${name.text.toLowerCase()}`);
        return this.#noSuchName();
    }
  }

  #ofAddress({ address, localName }: AddressForm): ZoneAnswer {
    if (address === undefined) return emptyAnswer;
    const name = domainName(localName + this.#settings.domain);
    const record = addressRecord(name, this.#settings.nodeTtl, address, recordType.any);
    return { ...emptyAnswer, answers: record === undefined ? [] : [record] };
  }

  async #ofNode(node: Node | undefined, asked: Asked): Promise<ZoneAnswer> {
    const { name, type } = asked.question;
    if (node === undefined) return this.#noSuchName();
    const { addsNodeMeta, nodeTtl } = this.#settings;
    const asksMeta = type === recordType.txt || type === recordType.any;
    const meta = asksMeta || addsNodeMeta ? metaRecords(node, name, nodeTtl) : [];
    if (type === recordType.txt) return { ...emptyAnswer, answers: meta };
    const host = hostNameOfNode(node, type, this.#settings);
    const followed = await this.#follow(host === undefined ? [] : [host], asked);
    const addresses = nodeRecords(node, name, type, this.#settings, followed);
    if (asksMeta) return { ...emptyAnswer, answers: [...addresses, ...meta] };
    return { ...emptyAnswer, answers: addresses, additional: meta };
  }

  #ofService(form: ServiceForm, asked: Asked): Soon<ZoneAnswer> {
    const records = soon(this.#catalog.instances(form), (found) => this.#serviceRecords(form, found, asked));
    return soon(records, (service) => {
      return service === undefined ? this.#noSuchName() : this.#ofInstances(service, asked);
    });
  }

  #ofInstances(service: ServiceRecords, asked: Asked): ZoneAnswer {
    const { question, transport, payloadBytes } = asked;
    const { udpAnswersMax, addressesMax, compressesNames, marksTruncated } = this.#settings;
    const room = { transport, payloadBytes, udpAnswersMax, compressesNames };
    const limits = { addressesMax, answersMax: answersMaxOf(question.type, room) };
    const all = offer(service, question.type, limits, this.#runtime.random);
    const { answers, additional, isTrimmed } = trim(question, all, room);
    const isTruncated = isTrimmed && marksTruncated;
    const authority = answers.length === 0 && !isTruncated ? [this.start()] : [];
    const code = responseCode.noError;
    return { answers, authority, additional, code, isTruncated, isForSubnet: false };
  }

  /** The records of all healthy instances; undefined if there is no such instance. */
  #serviceRecords(form: ServiceForm, found: InstancesHealth, asked: Asked): Soon<ServiceRecords | undefined> {
    const { question, payloadBytes } = asked;
    return (
      this.#composed.get(found, question, payloadBytes !== undefined) ?? this.#compose(form, found, asked)
    );
  }

  async #compose(
    form: ServiceForm,
    found: InstancesHealth,
    asked: Asked,
  ): Promise<ServiceRecords | undefined> {
    const { question, payloadBytes } = asked;
    const hasEdns = payloadBytes !== undefined;
    const healthy = (found.nodes ?? []).filter((instance) => isHealthy(instance, this.#settings.onlyPassing));
    if (healthy.length === 0) return undefined;
    const settings = this.#settings;
    const datacenter = form.datacenter ?? settings.datacenter;
    const ttl = serviceTtl(settings, form.service);
    const askedOne: InstanceQuestion = { question, datacenter, ttl, hasEdns, settings };
    const hosts = hostNames(healthy, askedOne);
    const followed = await this.#follow(hosts, asked);
    const instances = healthy.map((instance) => instanceRecords(instance, askedOne, followed));
    const service = serviceRecords(instances.filter((one) => one !== undefined));
    // What names of hosts lead to may be something else the next time.
    if (hosts.length === 0) this.#composed.keep(found, question, hasEdns, service);
    return service;
  }

  async #nameServers(asked: Asked): Promise<NameServers> {
    try {
      const { nodes } = await this.#catalog.instances(ourService);
      const healthy = (nodes ?? []).filter((instance) => isHealthy(instance, this.#settings.onlyPassing));
      const named = healthy.filter(isNameServer);
      const servers = drawn(named, named.length, this.#runtime.random);
      const hosts = servers.map(({ node }) => hostNameOfNode(node, recordType.any, this.#settings));
      const followed = await this.#follow(
        hosts.filter((host) => host !== undefined),
        asked,
      );
      return nameServers(servers, this.#settings, followed);
    } catch (error) {
      this.#runtime.log(
        'warn',
        `agent.dns: Unable to get list of servers: error="${(error as Error).message}"`,
      );
      return { servers: [], addresses: [] };
    }
  }

  /** What host names lead to. */
  async #follow(hosts: readonly string[], asked: Asked): Promise<Followed> {
    if (hosts.length === 0) return nothingFollowed;
    const some = [...new Set(hosts)].slice(0, hostsMax);
    const found = await Promise.all(some.map((host) => this.#followOne(host, asked)));
    return new Map(some.map((host, i) => [host, found[i] ?? []]));
  }

  async #followOne(host: string, { followsLeft }: Asked): Promise<readonly ResourceRecord[]> {
    const name = domainName(host);
    const { domain, altDomain, recursors } = this.#settings;
    if (!isWithin(host, domain) && !isWithin(host, altDomain))
      return recursors.length === 0 ? [] : this.#recursors.addressesOf(name);
    if (followsLeft < 1) {
      const text = "Infinite recursion detected for name, won't perform any CNAME resolution.";
      this.#runtime.log('err', `agent.dns: ${text}: name=${host}`);
      return [];
    }
    const question = { name, type: recordType.any, class: internetClass };
    const inner: Asked = {
      question,
      transport: 'udp',
      payloadBytes: undefined,
      followsLeft: followsLeft - 1,
    };
    return (await this.answer(inner)).answers;
  }

  #noSuchName(): ZoneAnswer {
    return { ...emptyAnswer, code: responseCode.nameError, authority: [this.start()] };
  }

  #failure(error: Error): ZoneAnswer {
    this.#runtime.log('err', `agent.dns: rpc error: error="${error.message}"`);
    if (isError(error, noPathToDatacenter)) return this.#noSuchName();
    return { ...emptyAnswer, code: responseCode.serverFailure };
  }
}

/** Host names that the instances have for addresses; an alias among addresses is not answered. */
function hostNames(instances: readonly InstanceHealth[], asked: InstanceQuestion): string[] {
  const hosts = instances.map((instance) => hostNameOfInstance(instance, asked));
  const named = hosts.filter((host) => host !== undefined);
  return asked.question.type === recordType.srv ? named : named.slice(0, 1);
}

const ourService: ServiceForm = { kind: 'service', service: consulService, tag: '', datacenter: undefined };
/** Others are answered with nothing, without asking. */
const nodeTypes = new Set<number>([recordType.a, recordType.aaaa, recordType.any, recordType.txt]);
/** So many host names are followed for one answer; each may take seconds. */
const hostsMax = 64;
