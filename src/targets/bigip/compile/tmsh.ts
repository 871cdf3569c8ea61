import type { Json, RestRequest } from '../request.ts';

/**
 * A REST request as the tmsh command that does the same: REST is tmsh's grammar in JSON, so one command per request.
 * The text of an iRule, which REST calls anonymous, stands between braces as it is.
 * `create ltm pool /P/web { members replace-all-with { /P/10.0.0.1:80 { ratio 1 } } }`.
 */
export function tmshCommand({ method, path, body = {} }: RestRequest): string {
  const { component, name, list, item } = splitPath(path);
  if (list !== '') return `modify ${component} ${quote(name)} ${list} ${itemVerb(method, item, body)}`;
  if (typeof body['command'] === 'string') return `${body['command']} ${component} ${quote(fullName(body))}`;
  if (method === 'DELETE') return `delete ${component} ${quote(name)}`;
  const [verb, target] = method === 'POST' ? ['create', fullName(body)] : ['modify', name];
  const { apiAnonymous } = body;
  if (typeof apiAnonymous === 'string') return `${verb} ${component} ${quote(target)} {\n${apiAnonymous}\n}`;
  return `${verb} ${component} ${quote(target)} ${block(body)}`;
}

/** One item of a sub-collection: a pool's member, a policy's rule. */
function itemVerb(method: RestRequest['method'], item: string, body: Json): string {
  if (method === 'DELETE') return `delete { ${quote(item)} }`;
  const [verb, name] = method === 'POST' ? ['add', fullName(body)] : ['modify', item];
  return `${verb} { ${quote(name)} ${block(body)} }`;
}

interface PathParts {
  readonly component: string;
  /** Empty for a collection. */
  readonly name: string;
  /** A sub-collection; empty for the object itself. */
  readonly list: string;
  /** Empty but for one item of a sub-collection. */
  readonly item: string;
}

/** What has one collection per type, whose name is part of the component's. */
const TYPED: ReadonlySet<string> = new Set([
  'ltm monitor',
  'ltm profile',
  'ltm persistence',
  'sys file',
  'gtm pool',
  'gtm wideip',
  'net tunnels',
  'net fdb',
]);

/** `/mgmt/tm/ltm/monitor/http/~P~web` -> `ltm monitor http` and `/P/web`. */
function splitPath(path: string): PathParts {
  const parts = path.split('/').slice(3);
  const depth = TYPED.has(parts.slice(0, 2).join(' ')) ? 3 : 2;
  const component = parts.slice(0, depth).join(' ');
  const [name = '', list = '', item = ''] = parts
    .slice(depth)
    .map((part) => decodeURIComponent(part).replaceAll('~', '/'));
  return { component, name, list, item };
}

/** The full path in a body: `/partition/subPath/name`, or the name alone (partitions, full paths as names). */
function fullName({ partition, subPath, name }: Json): string {
  if (partition === undefined) return String(name);
  return [partition, subPath, name].flatMap((part) => (typeof part === 'string' ? [`/${part}`] : [])).join('');
}

const IDENTITY: ReadonlySet<string> = new Set(['name', 'partition', 'subPath']);

function block(body: Json): string {
  const properties = Object.entries(body).filter(([name]) => !IDENTITY.has(name));
  if (properties.length === 0) return '{ }';
  return `{ ${properties.map(([name, value]) => property(name, value)).join(' ')} }`;
}

/** Names that REST changes because JSON or it itself uses the word (facts 3.1). */
const RENAMED: Readonly<Record<string, string>> = { tmDefault: 'default', tmOptions: 'options' };

/** Held by the IR as tmsh prints them, so their escapes stay. */
const VERBATIM: ReadonlySet<string> = new Set(['send', 'recv']);

function property(name: string, value: unknown): string {
  const key = RENAMED[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === true) return key;
  if (Array.isArray(value)) return `${key} ${list(key, value)}`;
  if (typeof value === 'object' && value !== null) return `${key} ${block(value as Json)}`;
  const text = String(value);
  if (key === 'monitor') return `${key} ${monitorRule(text)}`;
  if (VERBATIM.has(key)) return `${key} "${closed(text)}"`;
  return `${key} ${quote(text)}`;
}

/** A text whose escapes stay; what would end it, and a backslash with nothing behind it, is escaped. */
function closed(text: string): string {
  return text.replaceAll(/\\.|[\\"?{}]/gs, (found) => (found.length > 1 ? found : `\\${found}`));
}

/** Lists of words that stand by themselves: iRules in their order, values of a policy's condition. */
const PLAIN: ReadonlySet<string> = new Set(['rules', 'values', 'options']);

/** What has items of its own is replaced as a whole by name. */
function list(key: string, items: readonly unknown[]): string {
  if (items.length === 0) return 'none';
  const inner = items.map((item) => (typeof item === 'string' ? quote(item) : listItem(item as Json))).join(' ');
  return PLAIN.has(key) && items.every((item) => typeof item === 'string')
    ? `{ ${inner} }`
    : `replace-all-with { ${inner} }`;
}

function listItem(item: Json): string {
  return `${quote(fullName(item))} ${block(item)}`;
}

/** tmsh wants braces where REST had better not (ID645289). */
function monitorRule(text: string): string {
  const match = /^min (\d+) of (.*)$/.exec(text);
  return match === null ? text : `min ${match[1]} of { ${match[2]} }`;
}

/** A word as it is; anything else in double quotes, with tmsh's escapes (facts 3.6). */
function quote(text: string): string {
  if (/^[\w./:%@+,=~*-]+$/.test(text)) return text;
  return `"${text.replaceAll(/[\\"?{}]/g, String.raw`\$&`)}"`;
}
