import type { ProfileConfig } from '../dataplane/model.ts';
import type { TlsMaterial, TlsPair } from '../dataplane/tls/material.ts';
import type { CertificatePair } from '../options.ts';
import type { Device } from '../session/device.ts';
import { textOf } from '../store/object.ts';
import { selfSigned } from '../tls/self-signed.ts';

type Settings = ProfileConfig['settings'];

/** Files of an empty box have no content of their own: this one is made when it is first needed. */
let stockPair: CertificatePair | undefined;

function stock(now: number): CertificatePair {
  stockPair ??= selfSigned(['localhost.localdomain'], now);
  return stockPair;
}

function contentOf(kind: 'ssl-cert' | 'ssl-key', path: unknown, device: Device): string | undefined {
  if (typeof path !== 'string' || path === '' || path === 'none') {
    return undefined;
  }
  const file = device.store.lookup(`sys/file/${kind}`, path);
  const { cert, key } = stock(device.clock.now());
  if (file !== undefined && /^\/Common\/default\.(?:crt|key)$/v.test(path) && textOf(file, 'content') === undefined) {
    return kind === 'ssl-cert' ? cert : key;
  }
  return file === undefined ? undefined : textOf(file, 'content');
}

function pairOf(item: Settings, device: Device): TlsPair | undefined {
  const cert = contentOf('ssl-cert', item['cert'], device);
  const key = contentOf('ssl-key', item['key'], device);
  const chain = contentOf('ssl-cert', item['chain'], device);
  return cert === undefined || key === undefined ? undefined : { cert: [cert, chain ?? ''].join('\n'), key };
}

/** Certificates and keys of an SSL profile; undefined for profiles of other types. */
export function tlsMaterial(type: string, settings: Settings, device: Device): TlsMaterial | undefined {
  if (type !== 'client-ssl' && type !== 'server-ssl') {
    return undefined;
  }
  const chain = settings['certKeyChain'];
  const items = type === 'client-ssl' && Array.isArray(chain) ? (chain as readonly Settings[]) : [settings];
  const ca = contentOf('ssl-cert', settings['caFile'], device);
  const pairs = items.map((item) => pairOf(item, device)).filter((pair) => pair !== undefined);
  return { pairs, ...(ca === undefined ? {} : { ca }) };
}
