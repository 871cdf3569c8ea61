import { expect, it } from 'vitest';
import type { Contribution } from '../../../desired/contribution.ts';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { keys } from '../model.ts';
import { AddressBook } from './address-book.ts';
import { extractCell } from './extract-cell.ts';
import { extractOptions } from './options.ts';

/** The front of a Service with these source ranges. */
function frontOf(
  loadBalancerSourceRanges: readonly string[],
  annotations: Readonly<Record<string, string>> = {},
): Contribution | undefined {
  const options = extractOptions({ source: 'east', partition: 'k', routeDomain: 2 });
  const record = serviceRecord('web', {
    annotations: { 'fairlead.io/address': '10.1.10.50', ...annotations },
    loadBalancerSourceRanges,
  });
  const book = new AddressBook(options);
  book.update('default/web', record);
  const facts = new Map<string, unknown>([
    [keys.service('default/web'), record],
    [keys.addresses('default/web'), book.decision('default/web')],
  ]);
  return extractCell('east:Service/default/web', (key) => facts.get(key), options);
}

it('one network is the source of the virtual server, in its route domain', () => {
  const objects = frontOf(['10.0.0.0/9', '10.128.0.0/9'])?.objects;
  expect(objects?.map(({ kind }) => kind)).toEqual(['virtual-address', 'virtual']);
  expect(objects?.at(-1)).toMatchObject({ source: '10.0.0.0%2/8' });
});

it('several are an iRule that runs before those of people; networks are without route domain, as is the client', () => {
  const objects = frontOf(['10.0.0.0/8', '192.168.1.7/32'], { 'fairlead.io/rules': '/Common/log' })?.objects;
  expect(objects?.at(-1)).toMatchObject({ rules: ['/k/Clients_default_web', '/Common/log'] });
  expect(objects?.at(-1)).not.toHaveProperty('source');
  const rule = objects?.find(({ kind }) => kind === 'irule');
  expect(JSON.stringify(rule)).toContain('{ 10.0.0.0/8 192.168.1.7/32 }');
});

it('more than an iRule holds is told, and freezes the Service', () => {
  const ranges = Array.from({ length: 1001 }, (_, index) => `10.${index >> 8}.${index & 255}.1/32`);
  expect(frontOf(ranges)).toMatchObject({
    frozen: true,
    objects: [],
    diagnostics: [
      {
        code: 'source-ranges-many',
        field: 'spec.loadBalancerSourceRanges',
        summary:
          'Service default/web: spec.loadBalancerSourceRanges holds 1001 networks of one family that do not join, expected at most 1000',
      },
    ],
  });
  expect(frontOf(ranges.slice(1))?.frozen).toBeUndefined();
});
