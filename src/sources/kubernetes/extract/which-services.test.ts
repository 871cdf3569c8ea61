import type { ServiceRecord } from '../model.ts';
import { describe, expect, it } from 'vitest';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { cellsOfService } from './cells.ts';
import { extractOptions } from './options.ts';

const options = extractOptions({ source: 'east', partition: 'kubernetes' });
const CELLS = ['east:Service/default/web', 'east:Service/default/web#80'];

function cells(more: Partial<ServiceRecord>, given: Partial<typeof options> = {}): readonly string[] {
  const { loadBalancerClass: _, ...plain } = serviceRecord('web');
  return cellsOfService({ ...plain, ...more }, { ...options, ...given });
}

describe('AC-05 which Services are ours', () => {
  it('those of type LoadBalancer with our class, whatever it is called', () => {
    expect(cells({ loadBalancerClass: 'fairlead.io/bigip' })).toEqual(CELLS);
    expect(cells({ loadBalancerClass: 'other.io/x' })).toEqual([]);
    expect(cells({ loadBalancerClass: 'other.io/x' }, { loadBalancerClass: 'other.io/x' })).toEqual(CELLS);
  });

  it('those without a class only if asked (F-42: nothing is exposed by default)', () => {
    expect(cells({ type: 'LoadBalancer' })).toEqual([]);
    expect(cells({ type: 'LoadBalancer' }, { claimUnclassed: true })).toEqual(CELLS);
    expect(cells({ type: 'ClusterIP' }, { claimUnclassed: true })).toEqual([]);
  });

  it.each([{ 'fairlead.io/expose': 'true' }, { 'fairlead.io/address': '10.0.0.9' }])(
    'others by an annotation with our prefix: %j',
    (annotations) => {
      expect(cells({ type: 'ClusterIP', annotations })).toEqual(CELLS);
      expect(cells({ type: 'ClusterIP', annotations }, { annotationPrefix: 'acme.io/' })).toEqual([]);
    },
  );
});
