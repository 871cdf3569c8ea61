import type { EndpointRecord, EndpointSliceRecord, ServiceRecord } from '../model.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serviceRecord } from '../../../../test/golden/service-record.ts';
import { keys } from '../model.ts';
import { AddressBook } from './address-book.ts';
import { cellsOfService, ownerOfCell } from './cells.ts';
import { extractCell } from './extract-cell.ts';
import { extractOptions } from './options.ts';

const options = extractOptions({
  source: 'east',
  partition: 'kubernetes',
  addressPools: [{ name: 'public', ranges: ['10.0.0.0/24'] }],
});

function slice(name: string, endpoints: readonly EndpointRecord[]): EndpointSliceRecord {
  const ports = [{ port: 8080, protocol: 'TCP' }];
  return { kind: 'EndpointSlice', namespace: 'default', name, service: 'web', addressType: 'IPv4', ports, endpoints };
}

function extract(record: ServiceRecord, slices: readonly EndpointSliceRecord[]) {
  const book = new AddressBook(options);
  book.update('default/web', record);
  const facts = new Map<string, unknown>([
    [keys.service('default/web'), record],
    [keys.addresses('default/web'), book.decision('default/web')],
    [keys.slices('default/web'), slices],
  ]);
  const reads = new Map<string, readonly string[]>();
  const contributions = cellsOfService(record, options).map((cell) => {
    const seen: string[] = [];
    const result = extractCell(cell, (key) => [facts.get(key), seen.push(key)][0], options);
    reads.set(cell, [...new Set(seen)].sort());
    return result;
  });
  return { contributions, reads };
}

describe('extractCell', () => {
  it('reads EndpointSlices in the backend alone, so that a pod costs one cell', () => {
    const { reads } = extract(serviceRecord('web'), []);
    expect(Object.fromEntries(reads)).toEqual({
      'east:Service/default/web': ['Addresses/default/web', 'Service/default/web'],
      'east:Service/default/web#80': ['Addresses/default/web', 'Service/default/web', 'Slices/default/web'],
    });
  });

  it('reads Nodes in member mode nodeport alone, and slices there only for externalTrafficPolicy Local', () => {
    const ports = [{ protocol: 'TCP', port: 80, nodePort: 30080 }];
    const cluster = extract(serviceRecord('web', { ports }), []).reads.get('east:Service/default/web#80');
    const local = extract(serviceRecord('web', { ports, externalTrafficPolicy: 'Local' }), []);
    expect(cluster).toEqual(['Addresses/default/web', 'Nodes', 'Service/default/web']);
    expect(local.reads.get('east:Service/default/web#80')).toEqual([...(cluster ?? []), 'Slices/default/web']);
  });

  it('gives the same bytes for slices and endpoints in any order', () => {
    const endpoint = fc.record({
      addresses: fc.constantFrom('10.1.0.1', '10.1.0.2', '10.1.0.10', 'x').map((ip) => [ip]),
      ready: fc.boolean(),
      terminating: fc.boolean(),
    });
    const lists = fc.array(endpoint, { maxLength: 8 });
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const forward = extract(serviceRecord('web'), [slice('a', first), slice('b', second)]);
        const backward = extract(serviceRecord('web'), [
          slice('b', [...second].reverse()),
          slice('a', [...first].reverse()),
        ]);
        const objects = (result: typeof forward) => JSON.stringify(result.contributions.map((one) => one?.objects));
        expect(objects(backward)).toBe(objects(forward));
      }),
    );
  });

  it('gives nothing for a Service, a port or a kind of cell that is not there', () => {
    const nothing = (cell: string) => extractCell(cell, () => undefined, options);
    expect([nothing('east:Service/default/web'), nothing('east:Row/vips.csv#1')]).toEqual([undefined, undefined]);
    const read = (key: string) => (key === 'Service/default/web' ? serviceRecord('web') : undefined);
    expect(extractCell('east:Service/default/web#443', read, options)).toBeUndefined();
  });

  it('gives nothing for a Service that is being deleted', () => {
    const record = serviceRecord('web', { deleting: true });
    expect(cellsOfService(record, options)).toEqual([]);
    expect(extractCell('east:Service/default/web', () => record, options)).toBeUndefined();
  });

  it('counts a Service without a creation time as the newest', () => {
    const { contributions } = extract(serviceRecord('web', { creationTimestamp: '' }), []);
    expect(contributions[0]?.since).toBe('9999-12-31T23:59:59Z');
  });
});

describe('what cannot be', () => {
  function problems(given: Partial<ServiceRecord>): readonly string[] {
    const { contributions } = extract(serviceRecord('web', given), []);
    return contributions.flatMap((one) =>
      (one?.diagnostics ?? []).map(
        ({ code, summary }) => `${one?.frozen === true ? 'frozen ' : ''}${code}: ${summary}`,
      ),
    );
  }

  it('a port that no BIG-IP balances is told, the others go on', () => {
    const ports = [
      { name: 'odd', protocol: 'DCCP', port: 80 },
      { name: 'web', protocol: 'TCP', port: 80 },
    ];
    expect(problems({ ports })).toEqual([
      'port-invalid: Service default/web: spec.ports[0] is DCCP 80, expected TCP, UDP or SCTP and a port from 1 to 65535',
    ]);
    expect(cellsOfService(serviceRecord('web', { ports }), options)).toEqual([
      'east:Service/default/web',
      'east:Service/default/web#web',
    ]);
  });

  it('fallback persistence without persistence', () => {
    expect(problems({ annotations: { 'fairlead.io/fallback-persistence': '/Common/source_addr' } })).toEqual([
      'frozen annotation-invalid: Service default/web: port 80: fallback persistence /Common/source_addr stands alone, expected persistence beside it',
    ]);
  });

  it('nodes as members, and no Node is known: members are not lost for that', () => {
    const [problem] = problems({ ports: [{ protocol: 'TCP', port: 80, nodePort: 30080 }] });
    expect(problem).toMatch(/^frozen nodes-missing: Service default\/web: port 80 has nodes as members/);
  });
});

describe('cell keys', () => {
  it('name their Service', () => {
    expect(['east:Service/default/web', 'east:Service/default/web#http'].map(ownerOfCell)).toEqual([
      'default/web',
      'default/web',
    ]);
    expect(['east:Row/vips.csv#14', 'east:Service/web', 'nonsense'].map(ownerOfCell)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
