import { connect } from 'node:tls';
import { inspect } from 'node:util';
import { expect, it, vi } from 'vitest';
import type { BigipObject } from '../../src/ir/objects.ts';
import type { Change } from '../../src/plan/plan.ts';
import type { BigipEvent } from '../../src/targets/bigip/index.ts';
import { MemorySnapshot } from '../../src/plan/memory-snapshot.ts';
import { selfSigned } from '../../src/emulator/tls/self-signed.ts';
import { later } from '../support/e2e.ts';
import { Gate } from '../support/e2e-gate.ts';
import { applyAll, blobs, create, makeL7Bed, pathOf, readBack, update, virtualOf } from '../support/l7.ts';

// Long on a machine that is busy with something else.
vi.setConfig({ testTimeout: 120_000 });

/** A certificate with its key, by checksum, and what it looks like to a client. */
interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly pem: { readonly cert: string; readonly key: string };
}

function pair(name: string): Pair {
  const pem = selfSigned([name], Date.now());
  const put = (text: string): string => blobs.put(new TextEncoder().encode(text));
  return { cert: put(pem.cert), key: put(pem.key), pem };
}

/** The files and the profile `name`. */
function objectsOf(
  name: string,
  { cert, key }: Pair,
  more: { readonly sniDefault?: true } = {},
): readonly BigipObject[] {
  const path = pathOf(name);
  return [
    { kind: 'ssl-cert', path: `${path}.crt`, checksum: cert },
    { kind: 'ssl-key', path: `${path}.key`, checksum: key },
    {
      kind: 'client-ssl',
      path,
      cert: `${path}.crt`,
      key: `${path}.key`,
      serverName: `${name}.example.com`,
      mark: { instance: 'lab', origins: ['east:Ingress/shop/web'] },
      ...more,
    },
  ];
}

function httpsOf(...names: readonly string[]): BigipObject {
  return virtualOf({
    destination: { address: { ip: '198.51.100.1' }, port: 443 },
    profiles: [
      { path: '/Common/http', context: 'all' },
      { path: '/Common/tcp', context: 'all' },
      ...names.map((name) => ({ path: pathOf(name), context: 'clientside' as const })),
    ],
  });
}

/** The changes that put one pair in the place of another. */
function rotation(name: string, from: Pair, to: Pair): readonly Change[] {
  const after = objectsOf(name, to);
  return objectsOf(name, from).flatMap((object, index) => {
    const next = after[index];
    return next === undefined ? [] : update(object, next);
  });
}

/** Makes a handshake; the certificate's name, or `error: …`. */
function handshake(port: number, servername: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.end();
      resolve(raw === undefined ? 'error: no certificate' : raw.toString('base64'));
    });
    socket.on('error', (error) => resolve(`error: ${error.message}`));
  });
}

/** What `handshake` gives for a certificate. */
function seenOf({ pem }: Pair): string {
  return pem.cert.replaceAll(/-----[^-]+-----|\s/g, '');
}

it('a certificate changes in place: each handshake gets the old or the new one, and never an error', async () => {
  const bed = await makeL7Bed();
  const target = bed.target();
  const [one, two] = [pair('shop.example.com'), pair('shop.example.com')];
  await applyAll(target, ...[...objectsOf('shop', one), httpsOf('shop')].map(create));
  await bed.emulator.dataPlane?.settled();
  const port = bed.port('web');
  expect(await handshake(port, 'shop.example.com')).toBe(seenOf(one));
  const over = new AbortController();
  const seen = new Map<string, number>();
  const load = (async () => {
    while (!over.signal.aborted) {
      const found = await handshake(port, 'shop.example.com');
      seen.set(found, (seen.get(found) ?? 0) + 1);
    }
  })();
  let [from, to] = [one, two];
  for (let time = 0; time < 30; time += 1) {
    await applyAll(target, ...rotation('shop', from, to));
    expect(await handshake(port, 'shop.example.com')).toBe(seenOf(to));
    [from, to] = [to, from];
  }
  over.abort();
  await load;
  expect([...seen.keys()].sort()).toEqual([seenOf(one), seenOf(two)].sort());
});

it('each name gets its own certificate', async () => {
  const bed = await makeL7Bed();
  const [shop, blog] = [pair('shop.example.com'), pair('blog.example.com')];
  const objects = [
    ...objectsOf('shop', shop),
    ...objectsOf('blog', blog, { sniDefault: true }),
    httpsOf('shop', 'blog'),
  ];
  await applyAll(bed.target(), ...objects.map(create));
  await bed.emulator.dataPlane?.settled();
  const port = bed.port('web');
  expect(await handshake(port, 'shop.example.com')).toBe(seenOf(shop));
  expect(await handshake(port, 'blog.example.com')).toBe(seenOf(blog));
  expect(await handshake(port, 'other.example.com')).toBe(seenOf(blog));
});

it('AC-01 a key is in its upload alone: in no object, request, plan, event, report or print, and overwritten when it is installed', async () => {
  const bed = await makeL7Bed();
  const gate = await new Gate(bed.emulator.url).start();
  later(() => gate.close());
  const events: BigipEvent[] = [];
  const target = bed.target(gate.url, { logger: (event) => void events.push(event) });
  const [one, two] = [pair('shop.example.com'), pair('shop.example.com')];
  const changes = [...objectsOf('shop', one), httpsOf('shop')].map(create);
  const told: unknown[] = [await applyAll(target, ...changes)];
  told.push(await applyAll(target, ...rotation('shop', one, two)));
  // A certificate that does not fit the key, a key that is none, and one whose content nobody has.
  const misfit = { kind: 'ssl-key', path: pathOf('shop.key'), checksum: one.key } as const;
  const broken = { ...misfit, checksum: blobs.put(new TextEncoder().encode(`${two.pem.key.slice(0, 60)}!broken`)) };
  for (const next of [broken, { ...misfit, checksum: 'SHA1:1:0' }]) {
    told.push(
      await applyAll(target, ...update({ ...misfit, checksum: two.key }, next)).catch((error: unknown) => error),
    );
  }
  const units = [{ id: 'x', wave: 1, changes, origins: [] } as const];
  for (const language of target.capabilities.languages) told.push(target.render(units, language, new MemorySnapshot()));
  told.push(await target.read({ signal: new AbortController().signal }));
  const uploads = gate.seen.filter(({ path }) => path.includes('/file-transfer/uploads/'));
  const others = gate.seen.filter((request) => !uploads.includes(request));
  const text = inspect([events, told, others, target, bed.emulator.log.entries()], {
    depth: 30,
    maxArrayLength: null,
    maxStringLength: null,
  });
  expect(text.length).toBeGreaterThan(2000);
  for (const { pem } of [one, two]) {
    const [, line = ''] = pem.key.split('\n');
    expect(line.length).toBeGreaterThan(40);
    expect(uploads.some(({ body }) => body.includes(line))).toBe(true);
    expect(text).not.toContain(line);
  }
  expect(text).not.toContain('!broken');
  const last = new Map(uploads.map(({ path, body }) => [path, body]));
  expect(new Set([...last.keys()].map((path) => path.split('/').at(-1)))).toEqual(
    new Set(['fairlead~k~shop.crt', 'fairlead~k~shop.key']),
  );
  expect([...last.values()]).toEqual(['.', '.']);
  expect(await readBack(bed.target(), { ...misfit, checksum: two.key })).toEqual({ ...misfit, checksum: two.key });
});

it('a large chain is uploaded in chunks', async () => {
  const bed = await makeL7Bed();
  const { pem } = pair('ca.example.com');
  const content = new TextEncoder().encode(pem.cert.repeat(2000));
  expect(content.length).toBeGreaterThan(1024 * 1024);
  const chain = { kind: 'ssl-cert', path: pathOf('shop.chain.crt'), checksum: blobs.put(content) } as const;
  await applyAll(bed.target(), create(chain));
  expect(await readBack(bed.target(), chain)).toEqual(chain);
});

it('a certificate that does not fit its key is refused, and the old pair stays in force', async () => {
  const bed = await makeL7Bed();
  const [one, two] = [pair('shop.example.com'), pair('shop.example.com')];
  await applyAll(bed.target(), ...[...objectsOf('shop', one), httpsOf('shop')].map(create));
  await bed.emulator.dataPlane?.settled();
  const half = rotation('shop', one, two).slice(0, 1);
  await expect(applyAll(bed.target(), ...half)).rejects.toThrow('do not match');
  expect(await handshake(bed.port('web'), 'shop.example.com')).toBe(seenOf(one));
});
