import { expect, it } from 'vitest';
import type { BigipObject } from '../../ir/objects.ts';
import { refOf } from '../../ir/ref.ts';
import { MemorySnapshot } from '../../plan/memory-snapshot.ts';
import { render } from './render.ts';

const context = { version: [17, 1, 0], defaultRouteDomain: 0, partition: 'k' };
const CHECKSUM = 'SHA1:3:a9993e364706816aba3e25717850c26c9cd0d89d';

function printed(language: string, ...objects: readonly BigipObject[]): string {
  const changes = objects.map(
    (after) => ({ op: 'create', ref: refOf(after.kind, after.path), after, origins: [] }) as const,
  );
  const units = [{ id: changes[0]?.ref ?? '', wave: 0, changes, origins: ['east:Secret/shop/tls'] } as const];
  return render(units, { language, snapshot: new MemorySnapshot(), context });
}

const key: BigipObject = { kind: 'ssl-key', path: '/k/shop.key', checksum: CHECKSUM };
const profile: BigipObject = {
  kind: 'client-ssl',
  path: '/k/shop',
  cert: '/k/shop.crt',
  key: '/k/shop.key',
  serverName: 'shop.example.com',
  mark: { instance: 'i', origins: ['east:Ingress/shop/web'] },
};

it('AC-07 a file and its profile are printed as REST, with the checksum in place of the content', () => {
  const text = printed('rest', key);
  expect(text).toBe(
    [
      '# ssl-key:/k/shop.key (east:Secret/shop/tls)',
      `# with the file fairlead~k~shop.key uploaded before: ${CHECKSUM}`,
      'POST /mgmt/tm/sys/file/ssl-key',
      JSON.stringify(
        { name: 'shop.key', partition: 'k', sourcePath: 'file:/var/config/rest/downloads/fairlead~k~shop.key' },
        undefined,
        2,
      ),
      '',
    ].join('\n'),
  );
});

it('AC-07 a file and its profile are printed as tmsh commands', () => {
  expect(printed('tmsh', key, profile)).toBe(
    [
      '# ssl-key:/k/shop.key (east:Secret/shop/tls)',
      `# with the file fairlead~k~shop.key uploaded before: ${CHECKSUM}`,
      'create cli transaction',
      'create sys file ssl-key /k/shop.key { source-path file:/var/config/rest/downloads/fairlead~k~shop.key }',
      'create ltm profile client-ssl /k/shop { description "-- fairlead:i east:Ingress/shop/web" ' +
        'cert-key-chain replace-all-with { shop { cert /k/shop.crt key /k/shop.key chain none } } ' +
        'server-name shop.example.com }',
      'submit cli transaction',
      '',
    ].join('\n'),
  );
});

it('AC-07 HTTP and persistence profiles are printed as tmsh commands', () => {
  const http: BigipObject = {
    kind: 'http-profile',
    path: '/k/http',
    insertXForwardedFor: true,
    xffAlternativeNames: ['X-Real-IP'],
    hsts: { maximumAge: 600, includeSubdomains: true },
  };
  const cookie: BigipObject = { kind: 'persistence-cookie', path: '/k/cookie', cookieName: 'shop', httpOnly: true };
  expect(printed('tmsh', http)).toContain(
    'create ltm profile http /k/http { insert-xforwarded-for enabled xff-alternative-names replace-all-with { X-Real-IP } ' +
      'hsts { mode enabled maximum-age 600 include-subdomains enabled } }',
  );
  expect(printed('tmsh', cookie)).toContain(
    'create ltm persistence cookie /k/cookie { cookie-name shop httponly enabled }',
  );
});
