import { describe, expect, it } from 'vitest';
import { printMember, printValue } from './values.ts';

describe('values', () => {
  it('are printed as the device writes them', () => {
    const destination = { address: { ip: '2001:db8::1', routeDomain: 2 }, port: 80 };
    expect(printValue('virtual', 'destination', destination)).toBe('2001:db8::1%2.80');
    expect(printValue('pool', 'monitor', { monitors: ['/Common/http', '/Common/tcp'] })).toBe(
      '/Common/http and /Common/tcp',
    );
    expect(printValue('pool', 'monitor', { monitors: [] })).toBe('none');
    expect(printValue('pool', 'monitor', { minimum: 1, monitors: ['/Common/http', '/Common/tcp'] })).toBe(
      'min 1 of /Common/http /Common/tcp',
    );
    expect(printValue('virtual', 'sourceAddressTranslation', { type: 'snat', pool: '/Common/s' })).toBe(
      'snat /Common/s',
    );
    expect(printValue('virtual', 'sourceAddressTranslation', { type: 'automap' })).toBe('automap');
    expect(printValue('virtual', 'vlans', { mode: 'only', vlans: ['/Common/a'] })).toBe('only on /Common/a');
    expect(printValue('virtual', 'vlans', { mode: 'except', vlans: ['/Common/a', '/Common/b'] })).toBe(
      'all but /Common/a, /Common/b',
    );
    expect(printValue('virtual', 'enabled', false)).toBe('no');
    expect(printValue('virtual', 'enabled', true)).toBe('yes');
    expect(printValue('virtual', 'profiles', [{ path: '/Common/tcp', context: 'clientside' }])).toBe(
      '/Common/tcp (clientside)',
    );
    expect(printValue('virtual', 'profiles', { path: '/Common/tcp', context: 'all' })).toBe('/Common/tcp');
    expect(printValue('virtual', 'rules', [])).toBe('none');
    expect(printValue('virtual', 'rules', ['/Common/a', '/Common/b'])).toBe('/Common/a, /Common/b');
    expect(printValue('monitor', 'interval', 5)).toBe('5 s');
    expect(printValue('monitor', 'send', 'GET /\r\n')).toBe(String.raw`"GET /\r\n"`);
    expect(printValue('monitor', 'send', String.raw`GET "/"\r\n`)).toBe(String.raw`"GET \"/\"\r\n"`);
    expect(printValue('virtual-address', 'address', { ip: '10.0.0.1' })).toBe('10.0.0.1');
    expect(printValue('pool', 'mark', { instance: 'east', origins: ['east:Service/a/b'] })).toBe(
      'east: Service a/b (east)',
    );
    expect(printValue('pool', 'nodeLedger', { foreign: ['10.0.0.1'], unused: ['10.0.0.2', '10.0.0.3'] })).toBe(
      'not ours 10.0.0.1; to remove 10.0.0.2 10.0.0.3',
    );
    expect(printValue('pool', 'nodeLedger', {})).toBe('empty');
  });

  it('of DNS are printed as tmsh names them', () => {
    const server = [{ address: '192.0.2.1' }, { address: '192.0.2.2', device: 'b', translation: '10.0.0.2' }];
    expect(printValue('gtm-server', 'addresses', server)).toBe('192.0.2.1, 192.0.2.2 b (10.0.0.2)');
    const members = [{ name: '/Common/s:a' }, { name: '/Common/s:b', ratio: 3, origin: 'east:Service/a/b' }];
    expect(printValue('gtm-pool-a', 'members', members)).toBe('/Common/s:a, /Common/s:b ratio 3');
    expect(printValue('gtm-pool-aaaa', 'ttl', 30)).toBe('30 s');
    const pools = [
      { path: '/k/a', order: 0 },
      { path: '/k/b', order: 1, ratio: 2 },
    ];
    expect(printValue('wideip-a', 'pools', pools)).toBe('/k/a, /k/b ratio 2');
    expect(printValue('wideip-aaaa', 'cnamePools', pools[0])).toBe('/k/a');
    const destination = { address: { ip: '10.0.0.1' }, port: 80 };
    expect(printValue('gtm-virtual-server', 'destination', destination)).toBe('10.0.0.1:80');
    expect(printValue('gtm-virtual-server', 'translation', destination)).toBe('10.0.0.1:80');
  });

  it('of tunnels and addresses of the device say what leads where', () => {
    const records = [
      { mac: 'c6:d2:32:6f:8f:01', endpoint: { ip: '10.1.20.101' } },
      { mac: 'c6:d2:32:6f:8f:02', endpoint: { ip: '2001:db8::2' } },
    ];
    expect(printValue('fdb', 'records', records)).toBe(
      'c6:d2:32:6f:8f:01 at 10.1.20.101, c6:d2:32:6f:8f:02 at 2001:db8::2',
    );
    expect(printValue('fdb', 'records', records[0])).toBe('c6:d2:32:6f:8f:01 at 10.1.20.101');
    expect(printValue('self', 'allowService', ['tcp:443', 'udp:4789'])).toBe('tcp:443, udp:4789');
    expect(printValue('self', 'allowService', [])).toBe('none');
  });

  it('that are not set are the default', () => {
    expect(printValue('pool', 'loadBalancingMode', undefined)).toBe('(default)');
  });

  it('of a field that is not known are printed as JSON', () => {
    expect(printValue('pool', 'other', { a: 1 })).toBe('{"a":1}');
  });

  it('of members leave out what is the default', () => {
    const member = { address: { ip: '10.0.0.1' }, port: 80 };
    expect(printMember(member)).toBe('10.0.0.1:80');
    expect(printMember({ ...member, adminState: 'enabled', ratio: 1, priorityGroup: 0, connectionLimit: 0 })).toBe(
      '10.0.0.1:80',
    );
    expect(printMember({ ...member, adminState: 'disabled', ratio: 2 })).toBe('10.0.0.1:80 disabled ratio 2');
    expect(printMember({ ...member, adminState: 'offline', priorityGroup: 10, connectionLimit: 100 })).toBe(
      '10.0.0.1:80 offline priority 10 limit 100',
    );
  });
});
