import type { Json, RestRequest } from '../../src/targets/bigip/request.ts';

/** Defaults that a device fills in, as recorded from 12.x to 14.1. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  pool: { loadBalancingMode: 'round-robin', serviceDownAction: 'none', slowRampTime: 10, minActiveMembers: 0 },
  virtual: { connectionLimit: 0, sourceAddressTranslation: { type: 'none' }, enabled: true, vlansDisabled: true },
  'virtual-address': { arp: 'enabled', icmpEcho: 'enabled', routeAdvertisement: 'disabled', unit: 1 },
  node: { connectionLimit: 0, monitor: 'default', session: 'user-enabled', state: 'unchecked', ephemeral: 'false' },
  monitor: { interval: 5, timeout: 16, destination: '*:*', upInterval: 0 },
  partition: { defaultRouteDomain: 0 },
};
/** Recorded from 12.0 to 14.1. */
const GTM_DEFAULTS: Readonly<Record<string, Json>> = {
  pool: { loadBalancingMode: 'round-robin', ttl: 30, enabled: true, fallbackMode: 'return-to-dns' },
  server: { enabled: true, virtualServerDiscovery: 'disabled' },
  wideip: { poolLbMode: 'round-robin', enabled: true, lastResortPool: '' },
};
const SEND: Readonly<Record<string, string>> = {
  http: 'GET /\\r\\n',
  https: 'GET /\\r\\n',
  udp: 'default send string',
};
const TWINS = [
  ['enabled', 'disabled'],
  ['vlansEnabled', 'vlansDisabled'],
] as const;

/**
 * What a GET with `expandSubcollections` shows after these requests for one object: a model of the device in one
 * function, without validation. POST fills in defaults, PATCH replaces properties, members and profiles move into their
 * sub-collections, unset values vanish, monitor strings get braces and a trailing blank.
 */
export function deviceView(requests: readonly RestRequest[]): Json {
  let stored: Record<string, unknown> = {};
  for (const { method, path, body = {} } of requests) {
    const [, , , module = '', kind = '', type = ''] = path.split('/');
    if (method === 'POST') {
      stored = {
        kind: `tm:${module}:${kind}:${type}:${type}state`,
        ...(module === 'ltm' ? defaultsOf(kind, type) : {}),
      };
      if (module === 'gtm') Object.assign(stored, GTM_DEFAULTS[kind], linkOf(path, body));
    }
    for (const [one, other] of TWINS) {
      if (body[one] === true) delete stored[other];
      if (body[other] === true) delete stored[one];
    }
    Object.assign(stored, body);
  }
  return show(stored);
}

/** What tells whose a virtual server of a server is. */
function linkOf(path: string, { name }: Json): Json {
  return path.endsWith('/virtual-servers')
    ? {
        selfLink: `https://localhost${path}/${String(name)}?ver=17.1.0`,
        translationAddress: 'none',
        translationPort: 0,
      }
    : {};
}

function defaultsOf(kind: string, type: string): Json {
  const send = kind === 'monitor' ? SEND[type] : undefined;
  return { ...DEFAULTS[kind], ...(send === undefined ? {} : { send }) };
}

function show({ members, profiles, ...stored }: Record<string, unknown>): Json {
  const shown: Record<string, unknown> = { ...stored, fullPath: fullPathOf(stored) };
  for (const [name, value] of Object.entries(stored)) {
    const isUnset = value === 'none' || value === '' || (Array.isArray(value) && value.length === 0);
    if (isUnset && name !== 'serviceDownAction') delete shown[name];
  }
  if (typeof shown['monitor'] === 'string' && shown['monitor'] !== 'default')
    shown['monitor'] = monitorText(shown['monitor']);
  if (members !== undefined)
    shown['membersReference'] = { isSubcollection: true, items: (members as Json[]).map(showMember) };
  if (profiles !== undefined)
    shown['profilesReference'] = { isSubcollection: true, items: (profiles as Json[]).map(split) };
  if (Array.isArray(shown['persist'])) shown['persist'] = (shown['persist'] as Json[]).map(split);
  if (Array.isArray(shown['metadata'])) shown['metadata'] = (shown['metadata'] as Json[]).map(persistent);
  return shown;
}

/** The address of a member on a node of another name is not in the request; the caller's node knows it. */
function showMember(member: Json): Json {
  const name = String(member['name']);
  const address = name.replace(/[.:]\d+$/, '');
  const health = member['session'] === 'user-disabled' ? 'user-disabled' : 'monitor-enabled';
  const state = member['state'] === 'user-down' ? 'user-down' : 'checking';
  return {
    address,
    ...member,
    fullPath: fullPathOf(member),
    ephemeral: 'false',
    monitor: 'default',
    session: health,
    state,
  };
}

function persistent(entry: Json): Json {
  return { persist: 'true', ...entry };
}

function monitorText(text: string): string {
  const match = /^min (\d+) of (.*)$/.exec(text);
  return match === null ? `${text} ` : `min ${match[1]} of { ${match[2]} }`;
}

function split(item: Json): Json {
  const [, partition, ...name] = String(item['name']).split('/');
  return { ...item, name: name.join('/'), partition, fullPath: item['name'] };
}

function fullPathOf({ partition, subPath, name }: Json): string {
  return [partition, subPath, name]
    .filter((part) => typeof part === 'string')
    .map((part) => `/${part}`)
    .join('');
}
