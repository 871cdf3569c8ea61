import { describe, expect, it } from 'vitest';

import { GOOD_CERTIFICATE, SERVER_KEY } from '../../../test/support/certificates.ts';
import { tlsSecret } from '../../../test/support/e2e-ingresses.ts';
import { checksumOf } from '../../desired/blob-store.ts';
import { DesiredState } from '../../desired/desired-state.ts';
import type { BigipObject } from '../../ir/objects.ts';
import { Assembly } from './assembly.ts';
import { changeOf } from './changes.ts';
import { ingressOptions } from './extract/index.ts';
import type { RecordChange } from './store.ts';
import { testExtract } from './testing/harness.ts';
import { classObject, ingressObject, serviceObject, sliceObject } from './testing/objects.ts';

const ADDRESS = '10.9.0.1';
const context = {
  source: 'east',
  annotationPrefixes: ['fairlead.io/', 'kubernetes.io/ingress.class'],
  keep: checksumOf,
};

/** A cluster whose Ingresses share an address, and what they come to. */
class Front {
  readonly assembly = new Assembly({
    extract: testExtract({ ingress: ingressOptions() }),
    namespaces: {},
    nodes: true,
    feed: { ready: () => true, doubt: false },
    now: () => Date.parse('2026-06-01T00:00:00Z'),
  });
  readonly desired = new DesiredState();

  constructor() {
    this.apply(
      changeOf('IngressClass', classObject(), context),
      ...['a', 'b', 'c'].map((name) => changeOf('Service', serviceObject(`${name}/web`, CLUSTER_IP), context)),
      ...['a', 'b', 'c'].map((name) => changeOf('EndpointSlice', sliceObject(`${name}/web`, ['10.0.0.1']), context)),
    );
  }

  /** Takes changes; gives how many cells of Ingresses ran. */
  apply(...changes: readonly RecordChange[]): number {
    const cells = [...this.assembly.changed(changes)];
    const given = this.assembly.extract(cells);
    for (const cell of cells) if (!given.some((one) => one.cell === cell)) this.desired.remove(cell);
    for (const one of given) this.desired.update(one);
    return cells.filter((cell) => cell.includes('Ingress/')).length;
  }

  /** The Ingress `<namespace>/shop`, made on a day of January. */
  put(namespace: string, day: number, given: Given = {}): number {
    return this.apply(ingressOf(namespace, day, given));
  }

  remove(namespace: string): number {
    return this.apply({ type: 'remove', kind: 'Ingress', key: `${namespace}/shop` });
  }

  object(kind: BigipObject['kind'], name: string): Readonly<Record<string, unknown>> | undefined {
    return this.desired.merge(`${kind}:/kubernetes/${name}`)?.object as Readonly<Record<string, unknown>> | undefined;
  }

  profiles(port = 80): readonly string[] {
    const { profiles = [] } = this.object('virtual', `Ingress_${ADDRESS}_${port}`) ?? {};
    return (profiles as readonly { readonly path: string }[]).map(({ path }) => path);
  }

  hosts(port = 80): readonly string[] {
    const { rules = [] } = this.object('policy', `Ingress_${ADDRESS}_${port}`) ?? {};
    return (rules as readonly { readonly name: string }[]).map(({ name }) => name.split('_')[0] ?? '');
  }

  /** What an Ingress is told, also by the merge. */
  told(namespace: string): readonly string[] {
    const origin = `east:Ingress/${namespace}/shop`;
    const merged = [...this.desired.refs()].flatMap((ref) => this.desired.merge(ref)?.conflicts ?? []);
    return [...this.desired.diagnosticsOf(origin), ...merged.filter((one) => one.origin === origin)].map(
      ({ severity, code, summary }) => `${severity} ${code}: ${summary}`,
    );
  }
}

const CLUSTER_IP = { type: 'ClusterIP', loadBalancerClass: undefined };

/** Annotations without their prefix, and `spec.tls`. */
interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tls?: readonly object[];
}

function ingressOf(namespace: string, day: number, { annotations = {}, tls }: Given): RecordChange {
  const prefixed = Object.entries(annotations).map(([name, text]) => [`fairlead.io/${name}`, text]);
  const object = ingressObject(`${namespace}/shop`, {
    host: `${namespace}.example.com`,
    service: 'web',
    annotations: { 'fairlead.io/address': ADDRESS, ...Object.fromEntries(prefixed) },
    ...(tls === undefined ? {} : { spec: { tls } }),
  });
  const creationTimestamp = `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
  return changeOf('Ingress', { ...object, metadata: { ...object.metadata, creationTimestamp } }, context);
}

function secretOf(namespace: string, name: string): RecordChange {
  return changeOf('Secret', tlsSecret(name, { cert: GOOD_CERTIFICATE, key: SERVER_KEY }, namespace), context);
}

const TCP = `/kubernetes/Ingress_${ADDRESS}_80__tcp`;

describe('what a front has but once', () => {
  it('is the say of the oldest that says something: who says nothing yields, and keeps its hosts', () => {
    const front = new Front();
    front.put('a', 1);
    front.put('b', 2, { annotations: { 'idle-timeout': '15m' } });
    front.put('c', 3, { annotations: { 'http-profile': '/Common/http-acme' } });
    expect(front.profiles()).toEqual(['/Common/http-acme', TCP]);
    expect(front.object('tcp-profile', `Ingress_${ADDRESS}_80__tcp`)).toMatchObject({ idleTimeout: 900 });
    expect(front.hosts()).toEqual(['a.example.com', 'b.example.com', 'c.example.com', 'unmatched']);
    expect(['a', 'b', 'c'].flatMap((name) => front.told(name))).toEqual([]);
  });

  it('in a conflict is the older’s; both are told by name, and all else of the younger goes on', () => {
    const front = new Front();
    front.put('a', 1);
    front.put('b', 2, { annotations: { 'idle-timeout': '15m' } });
    front.put('c', 3, { annotations: { 'idle-timeout': '60' } });
    expect(front.object('tcp-profile', `Ingress_${ADDRESS}_80__tcp`)).toMatchObject({ idleTimeout: 900 });
    expect(front.hosts()).toContain('c.example.com');
    expect(front.told('a')).toEqual([]);
    expect(front.told('b')).toEqual([
      `warning object-conflict: TCP profile ${TCP} is also wanted by Ingress c/shop (east), which is younger, in another way, and was refused`,
    ]);
    expect(front.told('c')).toEqual([
      `error object-conflict: TCP profile ${TCP} is already given by Ingress b/shop (east), which is older, in another way; expected the same as there`,
    ]);
    front.put('c', 3, { annotations: { 'idle-timeout': '900s' } });
    expect([...front.told('b'), ...front.told('c')]).toEqual([]);
    front.put('c', 3, { annotations: { 'tcp-profile': '/Common/tcp-lan-optimized' } });
    expect(front.profiles()).toEqual(['/Common/http', TCP]);
    expect(front.told('c')).toEqual([
      `error part-conflict: profiles for tcp of virtual server /kubernetes/Ingress_${ADDRESS}_80 is already given by Ingress b/shop (east), which is older, in another way; all else of Ingress c/shop (east) goes on`,
    ]);
  });

  it('does not depend on the oldest: each that agrees gives it, when that one is refused, broken, or gone', () => {
    const front = new Front();
    front.put('a', 1, { annotations: { 'idle-timeout': '15m', 'backend-tls': 'on' }, tls: [{ secretName: 'one' }] });
    front.apply(secretOf('a', 'one'));
    front.put('b', 2, { annotations: { 'idle-timeout': '900', 'backend-tls': 'on' }, tls: [{}] });
    const there = (): readonly unknown[] => [
      front.object('tcp-profile', `Ingress_${ADDRESS}_443__tcp`)?.['idleTimeout'],
      front.object('server-ssl', `Ingress_${ADDRESS}_443__server`) !== undefined,
      front.object('client-ssl', `Ingress_${ADDRESS}_443__default`)?.['cert'],
      front.hosts(443).includes('b.example.com'),
    ];
    const all = [900, true, '/kubernetes/a_one_tls.crt', true];
    expect(there()).toEqual(all);
    front.desired.quarantine('east:Ingress/a/shop', { code: 'device-refused', severity: 'error', summary: 'no' });
    expect(there()).toEqual(all);
    front.put('a', 1, {
      annotations: { 'idle-timeout': 'long', 'backend-tls': 'maybe', hsts: 'x' },
      tls: [{ secretName: 'one' }],
    });
    expect(front.told('a')).not.toEqual([]);
    expect(there()).toEqual(all);
    front.put('a', 1, { annotations: { 'idle-timeout': '10m', 'backend-tls': 'on' }, tls: [{ secretName: 'one' }] });
    expect(there()).toEqual([600, ...all.slice(1)]);
    front.remove('a');
    expect(there()).toEqual([900, true, '/Common/default.crt', true]);
  });

  it('no SNAT is asked for as much as any other, and before a default, however old that is', () => {
    const front = new Front();
    const snat = (): unknown => front.object('virtual', `Ingress_${ADDRESS}_80`)?.['sourceAddressTranslation'];
    front.put('a', 1);
    expect(snat()).toEqual({ type: 'automap' });
    front.put('b', 2, { annotations: { snat: 'none' } });
    expect(snat()).toBeUndefined();
    expect([...front.told('a'), ...front.told('b')]).toEqual([]);
    front.put('c', 3, { annotations: { snat: '/Common/pool' } });
    expect(snat()).toBeUndefined();
    expect(front.told('c')).toEqual([
      `error part-conflict: sourceAddressTranslation of virtual server /kubernetes/Ingress_${ADDRESS}_80 is already given by Ingress b/shop (east), which is older, in another way; all else of Ingress c/shop (east) goes on`,
    ]);
  });

  it('is nobody’s to lose by another one that the device refuses: that one’s alone is taken out', () => {
    const front = new Front();
    front.put('a', 1, { annotations: { 'http-profile': '/Common/none-such', snat: '/Common/none-such' } });
    front.put('b', 2);
    front.desired.quarantine('east:Ingress/a/shop', { code: 'device-refused', severity: 'error', summary: 'no' });
    expect(front.profiles()).toEqual(['/Common/http', '/Common/tcp']);
    expect(front.hosts()).toEqual(['b.example.com', 'unmatched']);
  });

  it('says also the device’s own default: no limit of connections before a younger one’s limit', () => {
    const front = new Front();
    front.put('a', 1, { annotations: { 'connection-limit': '0' } });
    front.put('b', 2, { annotations: { 'connection-limit': '5' } });
    expect(front.object('virtual', `Ingress_${ADDRESS}_80`)).not.toHaveProperty('connectionLimit');
    expect(front.told('b')).toHaveLength(1);
  });

  it('http-profile none is refused: hosts and paths could not be read', () => {
    const front = new Front();
    front.put('a', 1, { annotations: { 'http-profile': 'none' } });
    front.put('b', 2);
    expect(front.profiles()).toEqual(['/Common/http', '/Common/tcp']);
    expect(front.told('a')).toEqual([
      'error annotation-invalid: Ingress a/shop: annotation fairlead.io/http-profile is "none", expected the full path of an HTTP profile: without one no host and path can be read',
    ]);
  });
});

describe('TLS towards pods, which divides an address', () => {
  it('a mistake in the oldest refuses no other, neither at once nor after a restart', () => {
    const started = new Front();
    started.put('a', 1, { annotations: { 'backend-tls': 'on' } });
    started.put('b', 2, { annotations: { 'backend-tls': 'on' } });
    started.put('a', 1, { annotations: { 'backend-tls': 'onn' } });
    const restarted = new Front();
    restarted.assembly.remember(new Map([['east:Ingress/a/shop', [{ ip: ADDRESS }]]]));
    restarted.put('a', 1, { annotations: { 'backend-tls': 'onn' } });
    restarted.put('b', 2, { annotations: { 'backend-tls': 'on' } });
    for (const [front, lead] of [
      [started, 'a'],
      [restarted, 'b'],
    ] as const) {
      front.put('c', 3);
      expect(front.told('b').filter((text) => text.startsWith('error'))).toEqual([]);
      expect(front.hosts()).toContain('b.example.com');
      expect(front.told(lead)).toContainEqual(
        expect.stringMatching(/^warning address-conflict: .* also asked for by Ingress c\/shop, refused/),
      );
      expect(front.told('c')).toEqual([
        `error address-conflict: Ingress c/shop: ${ADDRESS} port 80/tcp belongs to Ingress ${lead}/shop, which is older; expected an address and port of its own`,
      ]);
    }
  });

  it('one that is refused for it has no say on the address: not in timeouts, and not in certificates', () => {
    const front = new Front();
    front.apply(secretOf('b', 'two'), secretOf('c', 'three'));
    front.put('a', 1, { tls: [{}] });
    const own = [{ hosts: ['c.example.com'], secretName: 'two' }];
    front.put('b', 2, { annotations: { 'backend-tls': 'on', 'idle-timeout': '60' }, tls: own });
    front.put('c', 3, { tls: [{ hosts: ['c.example.com'], secretName: 'three' }] });
    expect(front.profiles(443)).toContain('/Common/tcp');
    expect(front.object('client-ssl', `Ingress_${ADDRESS}_443_c.example.com`)?.['cert']).toBe(
      '/kubernetes/c_three_tls.crt',
    );
    expect(front.told('c')).toEqual([]);
  });
});

describe('the default certificate', () => {
  const cert = (front: Front): unknown => front.object('client-ssl', `Ingress_${ADDRESS}_443__default`)?.['cert'];

  it('is that of the oldest that asks for one, before that of the oldest', () => {
    const front = new Front();
    front.apply(...['a', 'b', 'c'].map((name) => secretOf(name, 'own')));
    front.put('a', 1, { tls: [{ secretName: 'own' }] });
    expect(cert(front)).toBe('/kubernetes/a_own_tls.crt');
    front.put('b', 2, { annotations: { 'default-certificate': 'own' }, tls: [{}] });
    expect(cert(front)).toBe('/kubernetes/b_own_tls.crt');
    front.put('c', 3, { annotations: { 'default-certificate': 'own' }, tls: [{}] });
    expect(cert(front)).toBe('/kubernetes/b_own_tls.crt');
    expect(front.told('a')).toEqual([]);
    expect(front.told('c')).toEqual([
      `error part-conflict: Ingress c/shop: annotation fairlead.io/default-certificate names Secret c/own, but ${ADDRESS} port 443 is shared with Ingress b/shop, which comes first and names Secret b/own; expected the same, or another address`,
    ]);
    expect(front.told('b').map((text) => text.split(':')[0])).toEqual(['warning part-conflict']);
  });

  it('comes back with its Secret, and a new one runs no Ingress again but those that name it', () => {
    const front = new Front();
    front.put('a', 1, { tls: [{ secretName: 'own' }] });
    front.put('b', 2, { tls: [{}] });
    front.put('c', 3, { tls: [{}] });
    expect(cert(front)).toBe('/Common/default.crt');
    expect(front.told('a')).toContainEqual(expect.stringContaining('warning default-certificate'));
    expect(front.told('b')).toEqual([]);
    front.apply(secretOf('a', 'own'));
    expect(cert(front)).toBe('/kubernetes/a_own_tls.crt');
    expect(front.told('a')).toEqual([]);
    expect(front.apply(secretOf('a', 'own'))).toBeLessThanOrEqual(1);
    front.desired.quarantine('east:Secret/a/own', { code: 'device-refused', severity: 'error', summary: 'no' });
    expect(cert(front)).toBe('/Common/default.crt');
    front.apply({ type: 'remove', kind: 'Secret', key: 'a/own' });
    expect(cert(front)).toBe('/Common/default.crt');
  });
});
