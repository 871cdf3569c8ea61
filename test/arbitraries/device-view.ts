import type { Json, RestRequest } from '../../src/targets/bigip/request.ts';

/** Defaults that a device fills in, as recorded from 12.x to 14.1. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  pool: { loadBalancingMode: 'round-robin', serviceDownAction: 'none', slowRampTime: 10, minActiveMembers: 0 },
  virtual: { connectionLimit: 0, sourceAddressTranslation: { type: 'none' }, enabled: true, vlansDisabled: true },
  'virtual-address': { arp: 'enabled', icmpEcho: 'enabled', routeAdvertisement: 'disabled', unit: 1 },
  node: { connectionLimit: 0, monitor: 'default', session: 'user-enabled', state: 'unchecked', ephemeral: 'false' },
  monitor: { interval: 5, timeout: 16, destination: '*:*', upInterval: 0 },
  partition: { defaultRouteDomain: 0 },
  route: { mtu: 0 },
  vxlan: { encapsulationType: 'vxlan', floodingType: 'multicast', port: 4789 },
  tunnel: { idleTimeout: 300, key: 0, localAddress: 'any6', mtu: 0, profile: '/Common/ipip', remoteAddress: 'any6' },
  self: { floating: 'disabled', trafficGroup: '/Common/traffic-group-local-only', unit: 0 },
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
/** Properties of which `none` is a value that is shown. */
const PRINTED: ReadonlySet<string> = new Set(['serviceDownAction', 'floodingType']);
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
  for (const { method, path, body = {}, upload } of requests) {
    const [, , , module = '', kind = '', type = '', list, item] = path.split('/');
    const edited = kind === 'policy' ? editPolicy(stored, { method, item, body }, list) : undefined;
    if (edited !== undefined) {
      stored = edited;
      continue;
    }
    if (method === 'POST') {
      stored = { kind: `tm:${module}:${kind}:${type}:${type}state`, ...defaultsIn(module, kind, type) };
      Object.assign(stored, linkOf(path, body));
    }
    // It is never made: its name is in the path alone.
    if (kind === 'fdb') stored['fullPath'] = decodeURIComponent(list ?? '').replaceAll('~', '/');
    for (const [one, other] of TWINS) {
      if (body[one] === true) delete stored[other];
      if (body[other] === true) delete stored[one];
    }
    Object.assign(stored, body, upload === undefined ? {} : { checksum: upload.checksum });
  }
  return show(stored);
}

/** What tells whose an item is: a virtual server of a server, a member of a pool. */
function linkOf(path: string, { name }: Json): Json {
  if (path.endsWith('/members')) return { selfLink: `https://localhost${path}/${String(name)}?ver=17.1.0` };
  return path.endsWith('/virtual-servers')
    ? {
        selfLink: `https://localhost${path}/${String(name)}?ver=17.1.0`,
        translationAddress: 'none',
        translationPort: 0,
      }
    : {};
}

/** A draft lies in a folder of its own; publishing takes it out of there. */
function publishDraft({ subPath, ...stored }: Record<string, unknown>, body: Json): Record<string, unknown> {
  const folder = typeof subPath === 'string' ? subPath : '';
  if (body['createDraft'] === true) return { ...stored, subPath: folder === '' ? 'Drafts' : `${folder}/Drafts` };
  const published = folder.replace(/(^|\/)Drafts$/, '');
  return published === '' ? stored : { ...stored, subPath: published };
}

/** What is not a change of the policy itself; undefined: it is. */
function editPolicy(stored: Json, edit: RuleEdit, list: string | undefined): Record<string, unknown> | undefined {
  if (list !== undefined) return { ...stored, rules: editRules(stored, edit) };
  const isStep = edit.body['createDraft'] === true || edit.body['command'] === 'publish';
  return isStep ? publishDraft(stored, edit.body) : undefined;
}

interface RuleEdit {
  readonly method: RestRequest['method'];
  readonly item: string | undefined;
  readonly body: Json;
}

function editRules(stored: Json, { method, item, body }: RuleEdit): readonly Json[] {
  const rules = (stored['rules'] as readonly Json[] | undefined) ?? [];
  if (method === 'POST') return [...rules, body];
  const name = decodeURIComponent(item ?? '');
  if (!rules.some((rule) => rule['name'] === name)) throw new Error(`no rule ${name}`);
  if (method === 'DELETE') return rules.filter((rule) => rule['name'] !== name);
  return rules.map((rule) => (rule['name'] === name ? Object.assign({}, rule, body) : rule));
}

/** With what a device adds to conditions and actions (facts 8.8). */
function showRule(rule: Json): Json {
  const {
    conditions = [],
    actions = [],
    description,
    ...rest
  } = rule as { conditions?: Json[]; actions?: Json[] } & Json;
  const more = { external: true, index: 0, present: true, remote: true };
  const numbers = { code: 0, expirySecs: 0, length: 0, offset: 0, port: 0, status: 0, timeout: 0, vlanId: 0 };
  return {
    ...rest,
    ...(description === 'none' ? {} : { description }),
    fullPath: rule['name'],
    conditionsReference: {
      isSubcollection: true,
      items: conditions.map((item) => Object.assign({ caseInsensitive: item['caseSensitive'] !== true }, more, item)),
    },
    actionsReference: { isSubcollection: true, items: actions.map((item) => Object.assign({}, numbers, item)) },
  };
}

function defaultsIn(module: string, kind: string, type: string): Json {
  if (module === 'gtm') return GTM_DEFAULTS[kind] ?? {};
  return module === 'ltm' || module === 'net' ? defaultsOf(kind, type) : {};
}

function defaultsOf(kind: string, type: string): Json {
  const send = kind === 'monitor' ? SEND[type] : undefined;
  const defaults = kind === 'tunnels' ? DEFAULTS[type] : DEFAULTS[kind];
  return { ...defaults, ...(send === undefined ? {} : { send }) };
}

function show({ members, profiles, policies, records, rules, ...rest }: Record<string, unknown>): Json {
  const isPolicy = String(rest['kind']).includes(':policy:');
  const stored: Record<string, unknown> = isPolicy || rules === undefined ? rest : { ...rest, rules };
  const shown: Record<string, unknown> = { ...stored, fullPath: stored['fullPath'] ?? fullPathOf(stored) };
  for (const [name, value] of Object.entries(stored)) {
    const isUnset = value === 'none' || value === '' || (Array.isArray(value) && value.length === 0);
    if (isUnset && !PRINTED.has(name)) delete shown[name];
  }
  if (typeof shown['monitor'] === 'string' && shown['monitor'] !== 'default')
    shown['monitor'] = monitorText(shown['monitor']);
  showLists(shown, { members, profiles, policies, rules: isPolicy ? rules : undefined });
  if (records !== undefined) shown['recordsReference'] = { isSubcollection: true, items: records };
  if (Array.isArray(shown['persist'])) shown['persist'] = (shown['persist'] as Json[]).map(split);
  if (Array.isArray(shown['metadata'])) shown['metadata'] = (shown['metadata'] as Json[]).map(persistent);
  return shown;
}

/** Lists that are sub-collections. */
function showLists(shown: Record<string, unknown>, lists: Readonly<Record<string, unknown>>): void {
  for (const [name, list] of Object.entries(lists)) {
    const showItem = name === 'members' ? showMember : name === 'rules' ? showRule : split;
    if (list !== undefined)
      shown[`${name}Reference`] = { isSubcollection: true, items: (list as Json[]).map(showItem) };
  }
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
