import { describe, expect, it } from 'vitest';
import type { Kind } from '../../ir/objects.ts';
import type { Ref } from '../../ir/ref.ts';
import type { Io, Query } from './client/io.ts';
import type { Json } from './request.ts';
import { descriptors } from '../../ir/objects.ts';
import { refOf } from '../../ir/ref.ts';
import { readObjects } from './read-objects.ts';
import { readSnapshot } from './read.ts';

const KINDS = Object.keys(descriptors) as Kind[];
const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'P' };
const signal = new AbortController().signal;

interface Device {
  readonly io: Io;
  readonly reads: string[];
}

/** Bodies by path; collections are made of them. `$filter` works, as does `$select`. */
function deviceOf(bodies: Readonly<Record<string, Json>>, failing?: string): Device {
  const reads: string[] = [];
  const collection = (path: string, query: Query): Json => {
    const below = Object.entries(bodies).filter(
      ([key]) => key.startsWith(`${path}/`) && !key.slice(path.length + 1).includes('/'),
    );
    const partition = query['$filter']?.replace('partition eq ', '');
    const items = below
      .map(([, body]) => body)
      .filter((body) => partition === undefined || body['partition'] === partition);
    const select = query['$select']?.split(',');
    const shown =
      select === undefined ? items : items.map((item) => Object.fromEntries(select.map((name) => [name, item[name]])));
    return { kind: 'collectionstate', ...(shown.length === 0 ? {} : { items: shown }) };
  };
  const get = async (path: string, { query = {} }: { query?: Query } = {}): Promise<Json | undefined> => {
    reads.push(path);
    if (path === failing) throw new Error('503 busy');
    return path.includes('~') || path.startsWith('/mgmt/tm/auth/partition/') ? bodies[path] : collection(path, query);
  };
  const send = async (): Promise<never> => {
    throw new Error('a read must not write');
  };
  return { io: { get, send }, reads };
}

function body(path: string, more: Json = {}): Json {
  const [, partition, ...rest] = path.split('/');
  return { name: rest.at(-1), partition, fullPath: path, ...more };
}

function virtual(path: string, destination: string): Json {
  return body(path, {
    destination,
    enabled: true,
    ipProtocol: 'tcp',
    profilesReference: { items: [body('/Common/tcp', { context: 'all' })] },
  });
}

const PARTITION = { '/mgmt/tm/auth/partition/P': { name: 'P', fullPath: 'P', defaultRouteDomain: 0 } };

const BODIES: Readonly<Record<string, Json>> = {
  ...PARTITION,
  '/mgmt/tm/ltm/node/~P~10.0.0.1': body('/P/10.0.0.1', { address: '10.0.0.1' }),
  '/mgmt/tm/ltm/node/~P~web1': body('/P/web1', { address: '10.0.0.3' }),
  '/mgmt/tm/ltm/node/~P~_auto_10.0.0.9': body('/P/_auto_10.0.0.9', { address: '10.0.0.9', ephemeral: 'true' }),
  '/mgmt/tm/ltm/node/~Common~web2': body('/Common/web2', { address: '10.0.0.2' }),
  '/mgmt/tm/ltm/node/~Common~fqdn': body('/Common/fqdn', { address: 'any6' }),
  '/mgmt/tm/ltm/node/~Q~odd': { partition: 'Q', address: '10.0.0.8' },
  '/mgmt/tm/ltm/node/~Q~bare': { fullPath: '/Q/bare', partition: 'Q' },
  '/mgmt/tm/ltm/node/~Q~10.0.0.5%25': body('/Q/10.0.0.5%2', { address: '10.0.0.5%2' }),
  '/mgmt/tm/ltm/pool/~P~web': body('/P/web', {
    monitor: '/P/m ',
    membersReference: {
      items: [body('/P/10.0.0.1:80', { address: '10.0.0.1' }), body('/P/web1:80', { address: '10.0.0.3' })],
    },
  }),
  '/mgmt/tm/ltm/pool/~P~app~web': body('/P/app/web', { subPath: 'app' }),
  '/mgmt/tm/ltm/pool/~Common~x': body('/Common/x'),
  '/mgmt/tm/ltm/monitor/http/~P~m': body('/P/m', { kind: 'tm:ltm:monitor:http:httpstate' }),
  '/mgmt/tm/ltm/monitor/tcp/~P~n': body('/P/n', { kind: 'tm:ltm:monitor:tcp:tcpstate' }),
  '/mgmt/tm/ltm/virtual-address/~P~192.0.2.1': body('/P/192.0.2.1', { address: '192.0.2.1' }),
  '/mgmt/tm/ltm/virtual-address/~P~named': body('/P/named', { address: '192.0.2.2' }),
  '/mgmt/tm/ltm/virtual-address/~Common~shared': body('/Common/shared', { address: '192.0.2.3' }),
  '/mgmt/tm/ltm/virtual/~P~one': virtual('/P/one', '/P/192.0.2.1:80'),
  '/mgmt/tm/ltm/virtual/~P~two': virtual('/P/two', '/P/named:80'),
  '/mgmt/tm/ltm/virtual/~P~three': virtual('/P/three', '/Common/shared:80'),
  '/mgmt/tm/ltm/virtual/~P~lost': virtual('/P/lost', '/P/gone:80'),
  '/mgmt/tm/ltm/virtual/~P~void': body('/P/void'),
  '/mgmt/tm/ltm/virtual/~Common~x': virtual('/Common/x', '/Common/shared:81'),
};

const options = { partition: 'P', kinds: KINDS, pageSize: 2, context, signal };

describe('reading a partition', () => {
  it('gives all its objects, sub-folders among it, and nothing of other partitions or of the device itself', async () => {
    const snapshot = await readSnapshot(deviceOf(BODIES).io, options);
    expect([...snapshot.refs()].sort()).toEqual([
      'monitor:/P/m',
      'monitor:/P/n',
      'node:/P/10.0.0.1',
      'node:/P/web1',
      'partition:/P',
      'pool:/P/app/web',
      'pool:/P/web',
      'virtual-address:/P/192.0.2.1',
      'virtual-address:/P/named',
      'virtual:/P/lost',
      'virtual:/P/one',
      'virtual:/P/three',
      'virtual:/P/two',
      'virtual:/P/void',
    ]);
    expect(snapshot.get('pool:/P/web')?.object).toMatchObject({
      members: [{ address: { ip: '10.0.0.1' } }, { address: { ip: '10.0.0.3' }, node: '/P/web1' }],
    });
  });

  it('tells who holds addresses elsewhere, or here under another name', async () => {
    const snapshot = await readSnapshot(deviceOf(BODIES).io, options);
    expect(snapshot.elsewhere('node', '10.0.0.2')).toBe('/Common/web2');
    expect(snapshot.elsewhere('node', '10.0.0.5%2')).toBe('/Q/10.0.0.5%2');
    expect(snapshot.elsewhere('node', '10.0.0.3')).toBe('/P/web1');
    expect(snapshot.elsewhere('virtual-address', '192.0.2.3')).toBe('/Common/shared');
    for (const free of ['10.0.0.1', '10.0.0.9', '::']) expect(snapshot.elsewhere('node', free)).toBeUndefined();
  });

  it('tells which networks have a route, in whatever partition', async () => {
    const route = (path: string, network: string): Readonly<Record<string, Json>> => ({
      [`/mgmt/tm/net/route/${path.replaceAll('/', '~')}`]: body(path, { network, gw: '10.0.0.254' }),
    });
    const routes = { ...route('/Common/hand', '10.244.1.0/24'), ...route('/Q/two', '10.244.1.0%2/24') };
    const own = route('/P/own', '10.244.9.0/24');
    const snapshot = await readSnapshot(deviceOf({ ...BODIES, ...routes, ...own }).io, options);
    const holders = (network: string): readonly string[] => [...snapshot.holdersOf('route', network)];
    expect(holders('10.244.1.0/24')).toEqual(['/Common/hand']);
    expect(holders('10.244.1.0%2/24')).toEqual(['/Q/two']);
    expect(holders('10.244.9.0/24')).toEqual(['/P/own']);
    expect(holders('10.244.2.0/24')).toEqual([]);
    const partition = body('/P', { name: 'P', fullPath: 'P', defaultRouteDomain: 2 });
    const inTwo = await readSnapshot(
      deviceOf({ ...BODIES, ...routes, '/mgmt/tm/auth/partition/P': partition }).io,
      options,
    );
    expect([...inTwo.holdersOf('route', '10.244.1.0/24')]).toEqual(['/Q/two']);
    expect([...inTwo.holdersOf('route', '10.244.1.0%0/24')]).toEqual(['/Common/hand']);
  });

  it('looks up the addresses of virtual addresses with a name', async () => {
    const snapshot = await readSnapshot(deviceOf(BODIES).io, options);
    const at = (ref: Ref): unknown => {
      const object = snapshot.get(ref)?.object;
      return object?.kind === 'virtual' ? [object.virtualAddress, object.destination.address.ip] : undefined;
    };
    expect(at('virtual:/P/one')).toEqual(['/P/192.0.2.1', '192.0.2.1']);
    expect(at('virtual:/P/two')).toEqual(['/P/named', '192.0.2.2']);
    expect(at('virtual:/P/three')).toEqual(['/Common/shared', '192.0.2.3']);
  });

  it('takes the default route domain from the partition: addresses without one are in it', async () => {
    const bodies = {
      '/mgmt/tm/auth/partition/P': { name: 'P', fullPath: 'P', defaultRouteDomain: 7 },
      '/mgmt/tm/ltm/node/~P~10.0.0.1%257': body('/P/10.0.0.1%7', { address: '10.0.0.1%7' }),
      '/mgmt/tm/ltm/node/~P~10.0.0.4': body('/P/10.0.0.4', { address: '10.0.0.4%7' }),
      '/mgmt/tm/ltm/node/~Common~10.0.0.1': body('/Common/10.0.0.1', { address: '10.0.0.1' }),
      '/mgmt/tm/ltm/node/~Q~10.0.0.2%257': body('/Q/10.0.0.2%7', { address: '10.0.0.2%7' }),
    };
    const snapshot = await readSnapshot(deviceOf(bodies).io, options);
    expect(snapshot.get('node:/P/10.0.0.1')?.object).toEqual({
      kind: 'node',
      path: '/P/10.0.0.1',
      address: { ip: '10.0.0.1' },
    });
    expect(snapshot.elsewhere('node', '10.0.0.1%0')).toBe('/Common/10.0.0.1');
    for (const own of ['10.0.0.1', '10.0.0.4']) expect(snapshot.elsewhere('node', own)).toBeUndefined();
    expect(snapshot.elsewhere('node', '10.0.0.2')).toBe('/Q/10.0.0.2');
  });

  it('of a partition that is not there is empty, but knows the addresses in use', async () => {
    const { '/mgmt/tm/auth/partition/P': _, ...bodies } = BODIES;
    const { io, reads } = deviceOf({ ...bodies, '/mgmt/tm/auth/partition/Common': { name: 'Common' } });
    const snapshot = await readSnapshot(io, options);
    expect([...snapshot.refs()]).toEqual([]);
    expect(snapshot.elsewhere('node', '10.0.0.2')).toBe('/Common/web2');
    expect(reads).not.toContain('/mgmt/tm/ltm/pool');
  });

  it('AC-01 is not believed to be missing by a device that calls /Common missing, too', async () => {
    const { '/mgmt/tm/auth/partition/P': _, ...bodies } = BODIES;
    await expect(readSnapshot(deviceOf(bodies).io, options)).rejects.toThrow('does not even know partition Common');
  });

  it('reads only the kinds that it is asked for', async () => {
    const { io, reads } = deviceOf(BODIES);
    const snapshot = await readSnapshot(io, { ...options, kinds: ['pool'], pageSize: 100 });
    expect([...snapshot.refs()].sort()).toEqual(['pool:/P/app/web', 'pool:/P/web']);
    expect(reads).toEqual(['/mgmt/tm/auth/partition/P', '/mgmt/tm/ltm/pool']);
  });

  it.each(['/mgmt/tm/ltm/node', '/mgmt/tm/ltm/monitor/udp', '/mgmt/tm/ltm/virtual', '/mgmt/tm/auth/partition/P'])(
    'fails whole if %s cannot be read',
    async (failing) => {
      await expect(readSnapshot(deviceOf(BODIES, failing).io, options)).rejects.toThrow('503 busy');
    },
  );

  it('stops when it is told to', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(readSnapshot(deviceOf(BODIES).io, { ...options, signal: aborted })).rejects.toThrow('enough');
  });
});

describe('reading some objects again', () => {
  it('asks for each, and says undefined for what is not there', async () => {
    const refs: Ref[] = [
      'pool:/P/web',
      'pool:/P/gone',
      'monitor:/P/n',
      'virtual:/P/three',
      'virtual:/P/lost',
      'virtual:/P/void',
      'partition:/P',
      'node:/Common/web2',
    ];
    const { io, reads } = deviceOf(BODIES);
    const found = await readObjects(io, refs, context);
    expect([...found.keys()]).toEqual(refs);
    expect(found.get('pool:/P/gone')).toBeUndefined();
    expect(found.get('pool:/P/web')?.object).toMatchObject({ monitor: { monitors: ['/P/m'] } });
    expect(found.get('monitor:/P/n')?.object).toMatchObject({ type: 'tcp' });
    expect(found.get('virtual:/P/three')?.object).toMatchObject({ destination: { address: { ip: '192.0.2.3' } } });
    const wildcard = { destination: { address: { ip: '0.0.0.0' } } };
    expect(found.get('virtual:/P/lost')?.object).toMatchObject(wildcard);
    expect(found.get('virtual:/P/void')?.object).toMatchObject(wildcard);
    expect(found.get('partition:/P')?.object.kind).toBe('partition');
    expect(found.get('node:/Common/web2')?.object.path).toBe('/Common/web2');
    expect(reads.filter((path) => !path.includes('~') && !path.endsWith('/P'))).toEqual([]);
  });

  it('reads the collection if there are many of a kind', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const bodies = Object.fromEntries(names.map((name) => [`/mgmt/tm/ltm/pool/~P~${name}`, body(`/P/${name}`)]));
    const other = { '/mgmt/tm/ltm/pool/~Common~x': body('/Common/x') };
    const { io, reads } = deviceOf({ ...bodies, ...other });
    const refs = [
      ...names.slice(1).map((name) => refOf('pool', `/P/${name}`)),
      refOf('pool', '/P/gone'),
      refOf('pool', '/Common/x'),
    ];
    const found = await readObjects(io, refs, context);
    expect(reads).toEqual(['/mgmt/tm/ltm/pool', '/mgmt/tm/ltm/pool/~Common~x']);
    expect(found.size).toBe(refs.length);
    expect(refs.filter((ref) => found.get(ref) === undefined)).toEqual(['pool:/P/gone']);
  });

  it('of nothing asks nothing', async () => {
    const { io, reads } = deviceOf(BODIES);
    expect(await readObjects(io, [], context)).toEqual(new Map());
    expect(reads).toEqual([]);
  });
});
