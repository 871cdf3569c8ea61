import type { MonitorConfig, ProfileConfig } from '../dataplane/model.ts';
import type { TlsMaterial, TlsPair } from '../dataplane/tls/material.ts';
import type { CertificatePair } from '../options.ts';
import type { Device } from '../session/device.ts';
import { textOf } from '../store/object.ts';
import { effectiveValues } from '../view/effective.ts';
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

function named(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'none' ? value : undefined;
}

/** A file as monitors name it: in `Common` unless they say where. */
function fileOf(kind: 'ssl-cert' | 'ssl-key', value: unknown, device: Device): string | undefined {
  const name = named(value);
  return name === undefined ? undefined : contentOf(kind, name.startsWith('/') ? name : `/Common/${name}`, device);
}

/**
 * How a monitor speaks TLS: by its server-ssl profile (`sslProfile`), else by its own `cert`, `key` and `cipherlist`.
 * Undefined for monitors that have none of these.
 */
export function monitorTls(values: Settings, device: Device): MonitorConfig['tls'] | undefined {
  const profile = device.store.lookup('profile', named(values['sslProfile']) ?? '');
  const by = profile === undefined ? values : effectiveValues(profile, device.store);
  const found = {
    cert: fileOf('ssl-cert', by['cert'], device),
    key: fileOf('ssl-key', by['key'], device),
    ciphers: named(by['cipherlist'] ?? by['ciphers']),
    serverName: named(by['serverName']),
  };
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Whether a monitor takes part of its TLS from a file or profile. */
export function usesTls(values: Settings, path: string): boolean {
  return ['sslProfile', 'cert', 'key'].some((name) => {
    const value = named(values[name]);
    return value === path || `/Common/${value}` === path;
  });
}
