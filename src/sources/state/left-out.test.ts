import { describe, expect, it } from 'vitest';
import { stockDefaults } from '../values/defaults.ts';
import { readText } from './testing/bed.ts';

describe('AC-18 documents of the desired state', () => {
  it('need not say what everybody would say: protocol, profiles, what stands in the name, the lists of one', async () => {
    const text = `
- { kind: VirtualServer, name: web, destination: 10.1.10.50:80, pool: web, vlans: [/Common/internal] }
- { kind: VirtualServer, name: dns, destination: 10.1.10.51:53, ipProtocol: udp }
- { kind: VirtualServer, name: any, destination: 10.1.10.52:0, ipProtocol: any, vlans: { mode: except, vlans: [/Common/dmz] } }
- { kind: VirtualAddress, name: 10.1.10.50, arp: disabled }
- { kind: ClientSslProfile, name: web }
- kind: Policy
  name: all
  rules:
    - { name: host, conditions: [{ operand: http-host, values: [a.example.com] }], actions: [{ type: reset }] }
    - { name: rest, actions: [{ type: forward, pool: web }] }
`;
    const { objects, told } = await readText(text);
    expect(told).toEqual([]);
    const byKey = new Map(
      (objects as readonly { kind: string; path: string }[]).map((one) => [`${one.kind} ${one.path}`, one]),
    );
    const use = (path: string) => [{ path, context: 'all' }];
    expect(byKey.get('virtual /k/web')).toMatchObject({
      ipProtocol: 'tcp',
      profiles: use('/Common/tcp'),
      vlans: { mode: 'only', vlans: ['/Common/internal'] },
    });
    expect(byKey.get('virtual /k/dns')).toMatchObject({ profiles: use('/Common/udp') });
    expect(byKey.get('virtual /k/any')).toMatchObject({ profiles: use('/Common/fastL4'), vlans: { mode: 'except' } });
    expect(byKey.get('virtual-address /k/10.1.10.50')).toMatchObject({
      address: { ip: '10.1.10.50' },
      arp: 'disabled',
    });
    expect(byKey.get('client-ssl /k/web')).toMatchObject({ cert: '/k/web.crt', key: '/k/web.key' });
    expect(byKey.get('policy /k/all')).toMatchObject({
      rules: [{ conditions: [{ match: 'equals', values: ['a.example.com'] }] }, { conditions: [] }],
    });
    const profiles = { ...stockDefaults.profiles, tcp: [{ path: '/Common/f5-tcp-wan', context: 'all' }] } as const;
    const configured = await readText('{ kind: VirtualServer, name: web, destination: 10.1.10.50:80 }', { profiles });
    expect(configured.objects).toContainEqual(expect.objectContaining({ profiles: use('/Common/f5-tcp-wan') }));
  });

  it('of an address and a member take what is left out from the name, with the route domain of the target', async () => {
    const { objects, told } = await readText(
      '[{ kind: VirtualAddress, name: 10.1.10.50 }, { kind: VirtualAddress, name: web }]',
      {
        routeDomain: 2,
      },
    );
    expect(objects).toEqual([
      { kind: 'virtual-address', path: '/k/10.1.10.50', address: { ip: '10.1.10.50', routeDomain: 2 } },
    ]);
    expect(told).toEqual([expect.stringMatching(/virtual address web: `address`: is missing, expected an IP address/)]);
    const lent = await readText('{ kind: PoolMember, name: /Common/theirs/members/10.0.0.1:80, ratio: 2 }', {
      lentPools: new Set(['/Common/theirs']),
    });
    expect(lent).toMatchObject({ told: [], objects: [{ address: { ip: '10.0.0.1' }, port: 80, ratio: 2 }] });
  });
});
