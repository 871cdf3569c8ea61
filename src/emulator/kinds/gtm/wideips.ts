import { grammarError } from '../../errors/device-error.ts';
import { alreadyExists, invalidValue, notFound } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { pointers } from '../fields/items.ts';
import { metadata, texts } from '../fields/lists.ts';
import { references } from '../fields/references.ts';
import { appService } from '../fields/app-service.ts';
import { asText, integer, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type Kind } from '../kind.ts';
import { enabledFlags } from './fields.ts';
import type { Identity } from '../../names/full-path.ts';
import type { Session } from '../../session/session.ts';
import type { RecordType } from './members.ts';

const recordTypes = new Set(['a', 'aaaa', 'cname', 'mx', 'naptr', 'srv']);

/** `a /Common/pool`; unset it is printed as `""`. */
function lastResortPool(): Field {
  return {
    name: 'lastResortPool',
    default: '',
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, 'last-resort-pool').trim();
      if (given === '' || given === 'none') {
        return undefined;
      }
      const [type = '', name = '', ...rest] = given.split(/\s+/v);
      if (!recordTypes.has(type) || name === '' || rest.length > 0) {
        throw invalidValue('last-resort-pool', value);
      }
      return `${type} ${context.resolve(`gtm/pool/${type}`, name)}`;
    },
  };
}

function number(value: unknown, property: string, initial: number): number {
  const given = value === undefined ? initial : Number(asText(value, property));
  if (!Number.isInteger(given) || given < 0) {
    throw invalidValue(property, value);
  }
  return given;
}

/** The pools of a wide IP, in their order. */
function pools(name: string, type: RecordType): Field {
  const target = `gtm/pool/${type}`;
  return pointers(name, { target, missing: (_owner, path) => notFound('pool', path) }, ({ more }, at) => ({
    order: number(more['order'], 'order', at),
    ratio: number(more['ratio'], 'ratio', 1),
  }));
}

const verbosity = ['pool-selection', 'pool-traversal', 'pool-member-selection', 'pool-member-traversal'] as const;

function decisionLog(): Field {
  return {
    ...texts('loadBalancingDecisionLogVerbosity'),
    default: ['pool-selection'],
    parse: (value, context) => {
      const read = texts('loadBalancingDecisionLogVerbosity').parse?.(value, context);
      const names = Array.isArray(read) ? read.map(String) : [];
      const unknown = names.find((each) => !verbosity.some((known) => known === each));
      if (unknown !== undefined) {
        throw invalidValue('load-balancing-decision-log-verbosity', unknown);
      }
      return names.length === 0 ? undefined : names;
    },
  };
}

/** A domain name, wildcards included; the text for others has no recording (K). */
function requireDomain(name: string): void {
  if (!/^[a-z0-9_*?\-\\\[\]]+(?:\.[a-z0-9_*?\-\\\[\]]+)+\.?$/iv.test(name)) {
    throw grammarError(`"${name}" is not a valid domain name`);
  }
}

/** Where wide IPs of a type are found by name: one answers for it, whatever the partition (seen with a public client). */
function nameIndex(type: RecordType): string {
  return `gtm-wideip-name ${type}`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('\\', '');
}

function requireOwnName(type: RecordType, { name, fullPath }: Identity, session: Session): void {
  const other = [...session.store.find(nameIndex(type), plain(name))].find((each) => each.fullPath !== fullPath);
  if (other !== undefined) {
    throw alreadyExists('wideip', other.fullPath, other.partition ?? 'Common');
  }
}

/** What answers by address: they may have pools of canonical names besides. */
function moreThanAddresses(type: RecordType): readonly Field[] {
  return type === 'cname' ? [] : [pools('poolsCname', 'cname')];
}

function wideipKind(type: RecordType): Kind {
  return defineKind({
    path: `gtm/wideip/${type}`,
    type: 'wideip',
    fields: [
      appService(),
      text('description'),
      enabledFlags(),
      word('failureRcode', ['noerror', 'formerr', 'servfail', 'nxdomain', 'notimpl', 'refused']),
      toggle('failureRcodeResponse'),
      integer('failureRcodeTtl', 0),
      lastResortPool(),
      decisionLog(),
      toggle('minimalResponse', 'enabled'),
      integer('persistCidrIpv4', 32, { max: 32 }),
      integer('persistCidrIpv6', 128, { max: 128 }),
      toggle('persistence'),
      word('poolLbMode', ['round-robin', 'global-availability', 'random', 'ratio', 'topology']),
      toggle('topologyPreferEdns0ClientSubnet', 'disabled', { since: '14.1' }),
      integer('ttlPersistence', 3600),
      texts('aliases', { tail: true }),
      pools('pools', type),
      ...moreThanAddresses(type),
      references('rules', { target: 'gtm/rule' }),
      metadata(),
    ],
    hooks: {
      prepare: ({ before, identity }, session) => {
        if (before === undefined) {
          requireDomain(identity.name);
          requireOwnName(type, identity, session);
        }
      },
      check: (wideip, session) => {
        const last = wideip.values['lastResortPool'];
        const [record = '', path = ''] = typeof last === 'string' ? last.split(' ') : [];
        if (path !== '' && session.store.lookup(`gtm/pool/${record}`, path) === undefined) {
          throw notFound('pool', path);
        }
      },
      indexes: (wideip) => {
        const last = wideip.values['lastResortPool'];
        const [record = '', path = ''] = typeof last === 'string' ? last.split(' ') : [];
        const own: readonly [string, string] = [nameIndex(type), plain(wideip.name)];
        return path === '' ? [own] : [own, [`ref:gtm/pool/${record}`, path]];
      },
    },
  });
}

/** Wide IPs by type of record (fact sheet 8.13). */
export const wideipKinds: readonly Kind[] = (['a', 'aaaa', 'cname', 'mx', 'naptr', 'srv'] as const).map(wideipKind);
