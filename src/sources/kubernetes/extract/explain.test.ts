import type { BigipObject } from '../../../ir/objects.ts';
import { describe, expect, it } from 'vitest';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { member, pool, virtual, virtualAddress } from '../../../../test/support/objects.ts';
import { explainCell } from './explain.ts';
import { extractOptions } from './options.ts';

const options = extractOptions({ source: 'east', partition: 'k' });
const FRONT = 'east:Service/default/web';
const record = serviceRecord('web', {
  ports: [
    { name: 'http', protocol: 'TCP', port: 80 },
    { name: 'https', protocol: 'TCP', port: 443 },
  ],
  annotations: {
    'fairlead.io/address': '10.1.1.1',
    'fairlead.io/snat.https': 'none',
    'fairlead.io/monitor-send': 'x',
    'fairlead.io/monitor.http': 'none',
  },
});

function placesOf(cell: string, object: BigipObject, of: typeof record = record): unknown {
  const [places] = explainCell({ cell, objects: [object] }, of, options).values();
  return Object.fromEntries(places ?? []);
}

describe('AC-03 where a Service says', () => {
  it('the fields of a virtual server: its annotations, those of the port first, its spec, or nowhere', () => {
    const https = virtual('web_https', '10.1.1.1', { destination: { address: { ip: '10.1.1.1' }, port: 443 } });
    expect(placesOf(FRONT, https)).toMatchObject({
      destination: 'annotation fairlead.io/address',
      ipProtocol: 'spec.ports',
      profiles: 'default',
      sourceAddressTranslation: 'annotation fairlead.io/snat.https',
    });
    expect(placesOf(FRONT, virtual('web_http', '10.1.1.1'))).toMatchObject({ sourceAddressTranslation: 'default' });
  });

  it('an address: an annotation, its spec, or a pool of the configuration', () => {
    const address = virtualAddress('10.1.1.1');
    expect(placesOf(FRONT, address)).toEqual({ address: 'annotation fairlead.io/address' });
    expect(placesOf(FRONT, address, { ...record, annotations: {}, loadBalancerIP: '10.1.1.1' })).toEqual({
      address: 'spec.loadBalancerIP',
    });
    expect(placesOf(FRONT, address, { ...record, annotations: {} })).toEqual({
      address: 'an address pool of the configuration',
    });
  });

  it('the fields and members of a pool', () => {
    const web = pool('web', [], { members: [member('10.0.0.1', 80)] });
    expect(placesOf(`${FRONT}#http`, web)).toMatchObject({
      monitor: 'annotation fairlead.io/monitor.http',
      loadBalancingMode: 'default',
      'members 10.0.0.1:80': 'its endpoints',
    });
    expect(placesOf(`${FRONT}#https`, web)).toMatchObject({ monitor: 'annotation fairlead.io/monitor-send' });
  });

  it('nothing of what it has no say in', () => {
    expect(placesOf(FRONT, { kind: 'partition', path: '/k' })).toEqual({});
  });
});
