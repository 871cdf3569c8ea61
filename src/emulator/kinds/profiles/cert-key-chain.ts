import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mcpError, type DeviceError } from '../../errors/device-error.ts';
import { identifierMissing, invalidValue } from '../../errors/mcp.ts';
import type { Device } from '../../session/device.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { atLeast } from '../../version/version.ts';
import { effectiveValue } from '../../view/effective.ts';
import { objectUri, versioned } from '../../view/links.ts';
import type { Field, ParseContext } from '../field.ts';
import { fileMissing } from '../files/errors.ts';
import type { Draft, Hooks } from '../kind.ts';

/** One certificate of a client SSL profile, with `none` for what it lacks. */
interface Item {
  readonly name: string;
  readonly appService: string;
  readonly cert: string;
  readonly chain: string;
  readonly key: string;
}

const classes = { cert: 'sys/file/ssl-cert', chain: 'sys/file/ssl-cert', key: 'sys/file/ssl-key' } as const;
const byDefault: Item = {
  name: 'default',
  appService: 'none',
  cert: '/Common/default.crt',
  chain: 'none',
  key: '/Common/default.key',
};

/** `010717e3`: the key of a profile is not there, or neither is (fact sheet 7.2). */
export function pairMissing(): DeviceError {
  return mcpError('010717e3:3: Client SSL profile must have RSA certificate/key pair.');
}

function readItem(item: unknown, context: ParseContext): Item {
  const { name, cert, key, chain } = (item ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') {
    throw identifierMissing();
  }
  const path = (property: keyof typeof classes, value: unknown): string =>
    typeof value !== 'string' || value === '' || value === 'none' ? 'none' : context.resolve(classes[property], value);
  return {
    name,
    appService: 'none',
    cert: path('cert', cert),
    chain: path('chain', chain),
    key: path('key', key),
  };
}

/** An item with the links to its files. */
function printItem(item: Item, device: Device): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    printed[name] = value;
    const target = Object.hasOwn(classes, name)
      ? device.store.lookup(classes[name as keyof typeof classes], String(value))
      : undefined;
    if (target !== undefined) {
      printed[`${name}Reference`] = { link: versioned(objectUri(target, device), device) };
    }
  }
  return printed;
}

function itemsOf(values: Readonly<Record<string, unknown>>): readonly Item[] {
  return (values['certKeyChain'] ?? []) as readonly Item[];
}

/** `certKeyChain` of client SSL profiles: certificate, key and chain by name. */
export function certKeyChain(): Field {
  return {
    name: 'certKeyChain',
    tail: true,
    shape: 'list',
    default: [byDefault],
    parse: (value, context) => {
      if (value === 'none' || value === '' || value === null) {
        return undefined;
      }
      if (!Array.isArray(value)) {
        throw invalidValue('cert-key-chain', value);
      }
      return value.length === 0 ? undefined : value.map((item: unknown) => readItem(item, context));
    },
    print: (value, { device }) => (value as readonly Item[]).map((item) => printItem(item, device)),
  };
}

/** The name that the device gives the item of a certificate: that of the file without its extension. */
function itemName(cert: string): string {
  return cert.slice(cert.lastIndexOf('/') + 1).replace(/\.[^.]*$/v, '');
}

/** The value of a draft, else that of its parent. */
function inForce(name: keyof typeof classes, draft: Draft, session: Session): string {
  const { values, kind } = draft;
  const parent = session.store.lookup(
    'profile',
    typeof values['defaultsFrom'] === 'string' ? values['defaultsFrom'] : '',
  );
  const field = kind.byName.get(name);
  const inherited =
    parent === undefined || field === undefined ? undefined : effectiveValue(parent, field, session.store);
  const value = values[name] ?? inherited;
  return typeof value === 'string' ? value : byDefault[name];
}

/** The single `cert`, `key`, `chain` mirror the first item, and make it when they are given alone (fact sheet 8.9). */
function mirror(draft: Draft, session: Session): void {
  const { values, given } = draft;
  if (given.has('certKeyChain')) {
    const [first] = itemsOf(values);
    values['cert'] = first?.cert;
    values['key'] = first?.key;
    values['chain'] = first?.chain;
  } else if (['cert', 'key', 'chain'].some((name) => given.has(name))) {
    const cert = inForce('cert', draft, session);
    const chain = inForce('chain', draft, session);
    values['certKeyChain'] = [{ ...byDefault, name: itemName(cert), cert, chain, key: inForce('key', draft, session) }];
  } else {
    return;
  }
  if (!given.has('inheritCertkeychain')) {
    values['inheritCertkeychain'] = itemsOf(values).length === 0 ? undefined : 'false';
  }
}

/** `01070317`: the key is not that of the certificate (K). Stock files have no content and fit each other. */
function checkPair(profile: ConfigObject, cert: ConfigObject, key: ConfigObject): void {
  const certificate = textOf(cert, 'content');
  const secret = textOf(key, 'content');
  const fits =
    certificate === undefined || secret === undefined
      ? certificate === secret
      : new X509Certificate(certificate).checkPrivateKey(createPrivateKey(secret));
  if (!fits) {
    throw mcpError(
      `01070317:3: profile ${profile.fullPath}'s key (${key.fullPath}) and certificate (${cert.fullPath}) do not match.`,
    );
  }
}

function checkItem(profile: ConfigObject, item: Item, session: Session): void {
  const key = session.store.lookup(classes.key, item.key);
  if (key === undefined || item.cert === 'none') {
    throw pairMissing();
  }
  const cert = session.store.lookup(classes.cert, item.cert);
  if (cert === undefined) {
    throw fileMissing(item.cert);
  }
  if (item.chain !== 'none' && session.store.lookup(classes.chain, item.chain) === undefined) {
    throw fileMissing(item.chain);
  }
  checkPair(profile, cert, key);
}

/** The same for every client SSL profile that has a file: a certificate and its key change together, or not at all (K). */
export function checkUsers(file: ConfigObject, session: Session): void {
  for (const profile of session.store.find(`ref:${file.kind.path}`, file.fullPath)) {
    for (const item of itemsOf(profile.values)) {
      checkItem(profile, item, session);
    }
  }
}

/** What ties a client SSL profile to its files. */
export const certKeyChainHooks: Hooks = {
  prepare: mirror,
  check: (profile, session) => {
    for (const item of itemsOf(profile.values)) {
      checkItem(profile, item, session);
    }
  },
  indexes: (profile) =>
    itemsOf(profile.values).flatMap((item) =>
      (['cert', 'chain', 'key'] as const)
        .filter((name) => item[name] !== 'none')
        .map((name) => [`ref:${classes[name]}`, item[name]] as const),
    ),
  decorate: (rendered, _profile, { device }) => {
    if (atLeast(device.version, '17.0')) {
      for (const name of ['cert', 'key', 'chain']) {
        delete rendered[name];
        delete rendered[`${name}Reference`];
      }
    }
    return rendered;
  },
};
