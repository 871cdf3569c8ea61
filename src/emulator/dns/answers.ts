import type { RecordType } from '../kinds/gtm/members.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import type { ResourceRecord } from './codec/records.ts';
import { destinationOf } from './endpoint.ts';
import type { Outcome, Resolver } from './resolver.ts';
import { targetOf } from './status.ts';
import { plainName } from './wideips.ts';

function numberOf(object: ConfigObject, name: string): number {
  return Number(object.values[name] ?? 0);
}

/** The type of the members of a pool. */
function typeOfPool(pool: ConfigObject): RecordType {
  return pool.kind.path.slice('gtm/pool/'.length) as RecordType;
}

function addressRecord(address: string, head: { name: string; ttl: number }): ResourceRecord {
  return { ...head, type: address.includes(':') ? 'AAAA' : 'A', address };
}

function memberRecord(
  member: ConfigObject,
  head: { readonly name: string; readonly ttl: number },
  { pool, resolver }: { readonly pool: ConfigObject; readonly resolver: Resolver },
): readonly ResourceRecord[] {
  const target = plainName(member.name);
  switch (typeOfPool(pool)) {
    case 'cname':
      return [{ ...head, type: 'CNAME', target }];
    case 'mx':
      return [{ ...head, type: 'MX', preference: numberOf(member, 'priority'), target }];
    case 'srv': {
      const [priority, weight, port] = [
        numberOf(member, 'priority'),
        numberOf(member, 'weight'),
        numberOf(member, 'port'),
      ];
      return [{ ...head, type: 'SRV', priority, weight, port, target }];
    }
    case 'naptr': {
      const [flags, service] = [textOf(member, 'flags') ?? '', textOf(member, 'service') ?? ''];
      const preference = numberOf(member, 'preference');
      return [{ ...head, type: 'NAPTR', order: 0, preference, flags, service, regexp: '', replacement: target }];
    }
    default: {
      const found = targetOf(member, resolver.device);
      const address = found === undefined ? '' : destinationOf(found.virtual).host.replace(/%\d+$/v, '');
      const isRight = address.includes(':') === (typeOfPool(pool) === 'aaaa');
      return address === '' || !isRight ? [] : [addressRecord(address, head)];
    }
  }
}

/** The records that an outcome means for a name; TTLs are the pool's. */
export function recordsOf(name: string, outcome: Outcome, resolver: Resolver): readonly ResourceRecord[] {
  if (outcome.to !== 'members' && outcome.to !== 'address') {
    return [];
  }
  const { pool } = outcome;
  const head = { name, ttl: Number(pool.values['ttl'] ?? 30) };
  return outcome.to === 'address'
    ? [addressRecord(outcome.address, head)]
    : outcome.members.flatMap((member) => memberRecord(member, head, { pool, resolver }));
}
