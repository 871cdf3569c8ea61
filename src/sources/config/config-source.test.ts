import { describe, expect, it } from 'vitest';
import { createConfigSource } from './index.ts';

const source = createConfigSource('config', [
  { datacenter: 'hq', name: 'bigip1', product: 'bigip', addresses: ['192.0.2.1'] },
  {
    datacenter: 'west',
    name: 'bigip2',
    product: 'generic-host',
    addresses: [{ address: '192.0.2.2', device: 'one', translation: '198.51.100.2' }],
  },
]);

describe('what the configuration asks of a device', () => {
  it('data centers and GTM servers, each server a cell of its own', async () => {
    const result = await source.read({ signal: new AbortController().signal });
    expect(result).toMatchObject({ complete: true, diagnostics: [] });
    expect(result.contributions.map(({ cell }) => cell)).toEqual(['config:Server/bigip1', 'config:Server/bigip2']);
    expect(result.contributions.flatMap(({ objects }) => objects)).toEqual([
      { kind: 'gtm-datacenter', path: '/Common/hq' },
      {
        kind: 'gtm-server',
        path: '/Common/bigip1',
        datacenter: '/Common/hq',
        addresses: [{ address: '192.0.2.1' }],
      },
      { kind: 'gtm-datacenter', path: '/Common/west' },
      {
        kind: 'gtm-server',
        path: '/Common/bigip2',
        datacenter: '/Common/west',
        product: 'generic-host',
        addresses: [{ address: '192.0.2.2', device: 'one', translation: '198.51.100.2' }],
      },
    ]);
    expect(source.extract?.(['config:Server/bigip2', 'config:Server/gone'])).toEqual([result.contributions[1]]);
  });

  it('stops when it is told to', () => {
    expect(() => source.read({ signal: AbortSignal.abort(new Error('enough')) })).toThrow('enough');
  });
});
