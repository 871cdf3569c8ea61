import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import type { Pool } from '../../ir/pool.ts';
import type { Change } from '../../plan/plan.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { anyObject } from '../../../test/arbitraries/objects.ts';
import { create, remove, unit, update } from '../../../test/contract/target-units.ts';
import { render } from './render.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'P' };
const snapshot = new MemorySnapshot();

const pool: Pool = {
  kind: 'pool',
  path: '/P/web',
  description: 'of "web" <x>',
  monitor: { minimum: 1, monitors: ['/P/a', '/P/b'] },
  members: [{ address: { ip: '10.0.0.1', routeDomain: 2 }, port: 80 }],
  mark: { instance: 'east', origins: ['a:B/c', 'a:B/d'] },
};
const virtual: BigipObject = {
  kind: 'virtual',
  path: '/P/app/web',
  destination: { address: { ip: '2001:db8::1' }, port: 80 },
  virtualAddress: '/P/2001:db8::1',
  ipProtocol: 'tcp',
  pool: '/P/web',
  profiles: [{ path: '/Common/tcp', context: 'all' }],
  persistence: '/Common/cookie',
  sourceAddressTranslation: { type: 'automap' },
  rules: ['/Common/r1', '/Common/r2'],
  vlans: { mode: 'only', vlans: ['/Common/a'] },
  enabled: false,
};
const monitor: BigipObject = {
  kind: 'monitor',
  path: '/P/m',
  type: 'http',
  send: String.raw`GET /a?b HTTP/1.0\r\n\r\n`,
  receive: String.raw`\"ok\" {1} 2\d\d`,
};

function tmsh(...changes: readonly Change[]): readonly string[] {
  return render([unit(...changes)], { language: 'tmsh', snapshot, context }).split('\n');
}

describe('tmsh', () => {
  it('creates a pool in one line', () => {
    expect(tmsh(create(pool))).toEqual([
      '# pool:/P/web (contract:Service/default/web)',
      'create ltm pool /P/web { description "of &quot;web&quot; &lt;x&gt;" monitor min 1 of { /P/a /P/b } ' +
        'members replace-all-with { /P/10.0.0.1%2:80 { session user-enabled state user-up ratio 1 priority-group 0 ' +
        'connection-limit 0 } } metadata replace-all-with { fairlead-instance { value east } ' +
        'fairlead-origins { value "a:B/c a:B/d" } } }',
      '',
    ]);
  });

  it('creates a virtual server with flags, lists and blocks', () => {
    expect(tmsh(create(virtual))[1]).toBe(
      'create ltm virtual /P/app/web { destination /P/2001:db8::1.80 mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ' +
        'source ::/0 ip-protocol tcp pool /P/web profiles replace-all-with { /Common/tcp { context all } } ' +
        'persist replace-all-with { /Common/cookie { default yes } } ' +
        'source-address-translation { type automap pool none } rules { /Common/r1 /Common/r2 } ' +
        'vlans-enabled vlans replace-all-with { /Common/a } disabled }',
    );
  });

  it('keeps the escapes of monitor strings, and escapes what is bare', () => {
    expect(tmsh(create(monitor))[1]).toBe(
      String.raw`create ltm monitor http /P/m { send "GET /a\?b HTTP/1.0\r\n\r\n" recv "\"ok\" \{1\} 2\d\d" }`,
    );
  });

  it('changes members below their pool, and other fields of it', () => {
    const [one] = pool.members ?? [];
    const two = { address: { ip: '10.0.0.2' }, port: 80 };
    const both: Pool = { ...pool, members: [one!, two] };
    expect(tmsh(update(pool, both))[1]).toBe(
      'modify ltm pool /P/web members add { /P/10.0.0.2:80 { session user-enabled state user-up ratio 1 ' +
        'priority-group 0 connection-limit 0 } }',
    );
    expect(tmsh(update(both, { ...pool, members: [one!, { ...two, ratio: 5 }] }))[1]).toBe(
      'modify ltm pool /P/web members modify { /P/10.0.0.2:80 { ratio 5 } }',
    );
    expect(tmsh(update(both, pool))[1]).toBe('modify ltm pool /P/web members delete { /P/10.0.0.2:80 }');
    expect(tmsh(update(pool, { ...pool, members: [], monitor: { monitors: ['/P/a', '/P/b'] } }))[1]).toBe(
      'modify ltm pool /P/web { monitor /P/a and /P/b members none }',
    );
    expect(tmsh(update(virtual, { ...virtual, rules: [] }))[1]).toBe('modify ltm virtual /P/app/web { rules none }');
  });

  it('puts several changes into a transaction, in order', () => {
    expect(tmsh(create({ kind: 'partition', path: '/P' }), remove(virtual), remove(monitor))).toEqual([
      '# partition:/P (contract:Service/default/web)',
      'create cli transaction',
      'create auth partition P { }',
      'delete ltm virtual /P/app/web',
      'delete ltm monitor http /P/m',
      'submit cli transaction',
      '',
    ]);
  });

  it('has balanced quotes and braces for every object', () => {
    fc.assert(
      fc.property(anyObject, (object) => {
        const command = tmsh(create(object)).slice(1).join('\n');
        const bare = command.replaceAll(/\\./g, '').replaceAll(/"[^"]*"/g, '');
        expect(bare).not.toContain('"');
        expect(bare.split('{').length).toBe(bare.split('}').length);
      }),
    );
  });
});

describe('REST', () => {
  it('shows method, path and body, and what is around a transaction', () => {
    const units = [
      unit(remove(monitor)),
      { ...unit(create({ kind: 'partition', path: '/P' }), remove(virtual)), origins: [] },
    ];
    expect(render(units, { language: 'rest', snapshot, context })).toBe(`# monitor:/P/m (contract:Service/default/web)
DELETE /mgmt/tm/ltm/monitor/http/~P~m

# partition:/P
POST /mgmt/tm/transaction
{}
# with X-F5-REST-Coordination-Id: <transId>
POST /mgmt/tm/auth/partition
{
  "name": "P"
}
DELETE /mgmt/tm/ltm/virtual/~P~app~web
# without it
PATCH /mgmt/tm/transaction/<transId>
{
  "state": "VALIDATING"
}
`);
  });

  it('prints nothing for nothing, nor for changes that need no request', () => {
    const node: BigipObject = { kind: 'node', path: '/P/n', address: { ip: '10.0.0.1' } };
    const units = [unit(update(node, { ...node, address: { ip: '10.0.0.2' } }))];
    expect(render([], { language: 'rest', snapshot, context })).toBe('');
    expect(render(units, { language: 'tmsh', snapshot, context })).toBe('');
  });
});

it('a language that is not known is refused, with those that are', () => {
  expect(() => render([], { language: 'as3', snapshot, context })).toThrow(
    'language "as3" is not known: expected rest or tmsh',
  );
});
