import type { RecordType } from '../kinds/gtm/members.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { recordsOf } from './answers.ts';
import type { ClientSubnet, Query, Question } from './codec/query.ts';
import { recordTypes, type ResourceRecord } from './codec/records.ts';
import { rcodes, type Rcode, type Response } from './codec/response.ts';
import type { DnsCounters } from './counters.ts';
import type { Outcome, Resolver } from './resolver.ts';
import { globalSetting } from './settings.ts';
import type { Wideips, WideipsOfName } from './wideips.ts';

/** What answers are made from. */
export interface ResponderContext {
  readonly resolver: Resolver;
  readonly counters: DnsCounters;
  readonly wideips: () => Wideips;
}

const typeByNumber: ReadonlyMap<number, RecordType> = new Map([
  [recordTypes.A, 'a'],
  [recordTypes.AAAA, 'aaaa'],
  [recordTypes.CNAME, 'cname'],
  [recordTypes.MX, 'mx'],
  [recordTypes.NAPTR, 'naptr'],
  [recordTypes.SRV, 'srv'],
]);

/** Canonical names are followed this far; a chain that comes back to itself ends here. */
const longestChain = 8;

/** The start of authority of zones that a box makes by itself, and its time to live in seconds (K). */
function authorityOf(zone: string, ttl = 60): ResourceRecord {
  const primary = 'this.name.is.invalid';
  return {
    name: zone,
    ttl,
    type: 'SOA',
    primary,
    mailbox: `hostmaster.${primary}`,
    numbers: [1, 10_800, 3600, 604_800, ttl],
  };
}

function refuse(rcode: Rcode): Response {
  return { rcode, authoritative: false, answers: [], authority: [], additional: [] };
}

function negative(rcode: Rcode, zone: string | undefined, ttl?: number): Response {
  const authority = zone === undefined ? [] : [authorityOf(zone, ttl)];
  return { rcode, authoritative: true, answers: [], authority, additional: [] };
}

/** What is known of a question while it is answered. */
interface Asked {
  readonly client: string;
  readonly records: ResourceRecord[];
  /** The last wide IP that was looked at. */
  wideip?: ConfigObject;
  outcome?: Outcome;
}

/**
 * The wide IP for a type; one of canonical names answers for every type (K), and one with pools of canonical names for
 * theirs (manual chapter `Redirecting DNS Queries Using a CNAME Pool`).
 */
function wideipFor(found: WideipsOfName, type: RecordType): ConfigObject | undefined {
  const own = found.get(type) ?? found.get('cname');
  return own === undefined && type === 'cname' ? [...found.values()].find(hasNames) : own;
}

function hasNames({ values }: ConfigObject): boolean {
  const pools = values['poolsCname'];
  return Array.isArray(pools) && pools.length > 0;
}

/** Answers queries for wide IPs. */
export class Responder {
  readonly #context: ResponderContext;

  constructor(context: ResponderContext) {
    this.#context = context;
  }

  /** The response to a query from an address; undefined: none (`drop-packet`). */
  respond(query: Query, client: string): Response | undefined {
    const { header, question, edns } = query;
    if (header.opcode !== 0) {
      return refuse('notimpl');
    }
    if (question === undefined) {
      return refuse('formerr');
    }
    if (edns !== undefined && edns.version > 0) {
      return refuse('badvers');
    }
    return question.class === 1 || question.class === 255
      ? this.#answer(question, client, edns?.clientSubnet)
      : refuse('refused');
  }

  #answer(question: Question, source: string, subnet: ClientSubnet | undefined): Response | undefined {
    const wideips = this.#context.wideips();
    const found = wideips.find(question.name);
    const zone = wideips.zone(question.name);
    if (found.size === 0) {
      return zone === undefined ? refuse('refused') : this.#ofZone(question, zone);
    }
    const scope = [...found.values()].some((each) => this.#prefersSubnet(each)) ? subnet : undefined;
    const asked: Asked = { client: scope?.address ?? source, records: [] };
    const type = typeByNumber.get(question.type);
    if (question.type === recordTypes.ANY) {
      [...found.keys()].forEach((each) => this.#collect(question.name, each, asked));
    } else if (type !== undefined) {
      this.#collect(question.name, type, asked);
    }
    const response = this.#response(question, zone, asked);
    return response === undefined || scope === undefined ? response : { ...response, scope };
  }

  /** A name without a wide IP, in a zone of one. */
  #ofZone(question: Question, zone: string): Response {
    const wideips = this.#context.wideips();
    if (!wideips.isThere(question.name)) {
      return negative('nxdomain', zone);
    }
    const isApex = wideips.zone(question.name) === question.name.toLowerCase();
    const { hostname } = this.#context.resolver.device;
    const records: ResourceRecord[] = [];
    if (isApex && (question.type === recordTypes.SOA || question.type === recordTypes.ANY)) {
      records.push(authorityOf(zone));
    }
    if (isApex && (question.type === recordTypes.NS || question.type === recordTypes.ANY)) {
      records.push({ name: zone, ttl: 60, type: 'NS', target: hostname });
    }
    return records.length === 0
      ? negative('noerror', zone)
      : { rcode: 'noerror', authoritative: true, answers: records, authority: [], additional: [] };
  }

  #prefersSubnet(wideip: ConfigObject): boolean {
    const { device } = this.#context.resolver;
    const name = 'topologyPreferEdns0ClientSubnet';
    return wideip.values[name] === 'enabled' || globalSetting(device, 'load-balancing', name) === 'yes';
  }

  /** Adds the records of a name and type, following canonical names that are wide IPs. */
  #collect(name: string, type: RecordType, asked: Asked): void {
    const { resolver, counters } = this.#context;
    let at = name;
    for (let depth = 0; depth < longestChain; depth += 1) {
      const wideip = wideipFor(this.#context.wideips().find(at), type);
      if (wideip === undefined) {
        return;
      }
      const outcome = resolver.resolve(wideip, asked.client);
      const records = recordsOf(at, outcome, resolver).filter((record) => type !== 'cname' || record.type === 'CNAME');
      asked.wideip = wideip;
      asked.outcome = outcome;
      asked.records.push(...records);
      if (records.length > 0) {
        counters.count(wideip, 'resolutions');
      }
      const [first] = records;
      if (first?.type !== 'CNAME' || type === 'cname') {
        return;
      }
      counters.count(wideip, 'cnameResolutions');
      if (outcome.to !== 'members' || outcome.members[0]?.values['staticTarget'] === 'yes') {
        return;
      }
      at = first.target;
    }
  }

  #response(question: Question, zone: string | undefined, asked: Asked): Response | undefined {
    const { records, wideip, outcome } = asked;
    if (records.length > 0) {
      const more = this.#more(question, zone, asked);
      return { rcode: 'noerror', authoritative: true, answers: records, ...more };
    }
    if (outcome?.to === 'nowhere') {
      return undefined;
    }
    if (outcome?.to !== 'rcode' || wideip === undefined) {
      return negative('noerror', zone);
    }
    const rcode = textOf(wideip, 'failureRcode') ?? 'noerror';
    const ttl = Number(wideip.values['failureRcodeTtl'] ?? 0);
    const known = Object.hasOwn(rcodes, rcode) ? (rcode as Rcode) : 'servfail';
    const cacheable = (known === 'noerror' || known === 'nxdomain') && ttl > 0;
    return negative(known, cacheable ? zone : undefined, ttl);
  }

  /** What `minimalResponse disabled` adds: who has the zone, and the addresses of names that are wide IPs. */
  #more(question: Question, zone: string | undefined, asked: Asked): Pick<Response, 'authority' | 'additional'> {
    const { resolver, wideips } = this.#context;
    const [first] = wideips().find(question.name).values();
    if (first === undefined || first.values['minimalResponse'] !== 'disabled') {
      return { authority: [], additional: [] };
    }
    const ns: ResourceRecord[] =
      zone === undefined ? [] : [{ name: zone, ttl: 60, type: 'NS', target: resolver.device.hostname }];
    const targets = asked.records.flatMap((record) =>
      record.type === 'MX' || record.type === 'SRV' ? record.target : [],
    );
    const extra: Asked = { client: asked.client, records: [] };
    for (const target of new Set(targets)) {
      const found = wideips().find(target);
      (['a', 'aaaa'] as const).filter((type) => found.has(type)).forEach((type) => this.#collect(target, type, extra));
    }
    return { authority: ns, additional: extra.records };
  }
}
