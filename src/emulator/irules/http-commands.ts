import { headerValues, printHead, withHeader, withoutHeader, withTarget } from '../dataplane/http/head.ts';
import type { Head, RequestHead } from '../dataplane/http/head.ts';
import { hostAndPort, uriParts } from '../dataplane/policy/values.ts';
import { makeList, splitList, TclError, type Command } from '../tcl/index.ts';
import type { Flow, RuleReply } from './flow.ts';

function requestOf({ request }: Flow): RequestHead {
  if (request === undefined) {
    throw new TclError('command is not valid in the current event context');
  }
  return request;
}

/** The head that an event is about: the response once there is one. */
function headOf(flow: Flow): Head {
  return flow.response ?? requestOf(flow);
}

function change(flow: Flow, edit: <T extends Head>(head: T) => T): string {
  if (flow.response !== undefined) {
    flow.response = edit(flow.response);
  } else {
    flow.request = edit(requestOf(flow));
  }
  return '';
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined;
}

/** `HTTP::uri ?value?` and its like: gives, or sets. */
function property(read: (flow: Flow) => string, write?: (flow: Flow, value: string) => void): (flow: Flow) => Command {
  return (flow) =>
    ([value]) => {
      if (!isGiven(value)) {
        return read(flow);
      }
      if (write === undefined) {
        throw new TclError('wrong # args');
      }
      write(flow, value);
      return '';
    };
}

function setTarget(flow: Flow, target: string): void {
  flow.request = withTarget(requestOf(flow), target);
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}

function setHeader(flow: Flow, name: string, value: string): string {
  return change(flow, (head) => withHeader(withoutHeader(head, name), name, value));
}

/** Names and values of `insert` and `replace`: pairs of words, or one list of them. */
function pairs(words: readonly string[]): readonly (readonly [string, string])[] {
  const given = words[0] === 'lws' ? words.slice(1) : words;
  const flat = given.length === 1 ? splitList(given[0] ?? '') : given;
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : []));
}

function insert(flow: Flow, words: readonly string[]): string {
  for (const [name, value] of pairs(words)) {
    change(flow, (head) => withHeader(head, name, value));
  }
  return '';
}

const headerActions: Readonly<Record<string, (flow: Flow, args: readonly string[]) => string>> = {
  value: (flow, [name = '']) => headerValues(headOf(flow), name.toLowerCase()).at(-1) ?? '',
  values: (flow, [name = '']) => makeList(headerValues(headOf(flow), name.toLowerCase())),
  names: (flow) => makeList([...headOf(flow).headers].map(({ raw }) => raw.slice(0, raw.indexOf(':')))),
  count: (flow, [name]) =>
    String(isGiven(name) ? headerValues(headOf(flow), name.toLowerCase()).length : headOf(flow).headers.length),
  exists: (flow, [name = '']) => (headerValues(headOf(flow), name.toLowerCase()).length > 0 ? '1' : '0'),
  at: (flow, [index = '0']) => headOf(flow).headers[Number(index)]?.value ?? '',
  insert,
  replace: (flow, [name = '', value = '']) => setHeader(flow, name, value),
  remove: (flow, [name = '']) => change(flow, (head) => withoutHeader(head, name)),
  is_keepalive: (flow) => (/close/iv.test(headerValues(headOf(flow), 'connection').join(',')) ? '0' : '1'),
  is_redirect: (flow) => (isRedirect(flow) ? '1' : '0'),
};

function isRedirect({ response }: Flow): boolean {
  return response !== undefined && [301, 302, 303, 305, 307, 308].includes(response.status);
}

/** An object's commands by their first word; a word that is none of them stands for `value` of that name. */
function ensemble(
  actions: Readonly<Record<string, (flow: Flow, args: readonly string[]) => string>>,
): (flow: Flow) => Command {
  return (flow) =>
    ([action = '', ...args]) =>
      Object.hasOwn(actions, action)
        ? (actions[action]?.(flow, args) ?? '')
        : (actions['value']?.(flow, [action]) ?? '');
}

function cookiesOf(flow: Flow): readonly (readonly [string, string])[] {
  const lines =
    flow.response === undefined
      ? headerValues(requestOf(flow), 'cookie').flatMap((line) => line.split(';'))
      : headerValues(flow.response, 'set-cookie').map((line) => line.split(';', 1)[0] ?? '');
  return lines.flatMap((pair) => {
    const cut = pair.indexOf('=');
    return cut < 0 ? [] : [[pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()] as const];
  });
}

function setCookies(flow: Flow, cookies: readonly (readonly [string, string])[]): string {
  const bare = withoutHeader(requestOf(flow), 'cookie');
  const text = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
  flow.request = text === '' ? bare : withHeader(bare, 'Cookie', text);
  return '';
}

/** `insert name N value V ?path P? ?domain D?`. */
function insertCookie(flow: Flow, words: readonly string[]): string {
  const given = new Map(pairs(words));
  const name = given.get('name') ?? '';
  const value = given.get('value') ?? '';
  if (flow.response === undefined) {
    return setCookies(flow, [...cookiesOf(flow), [name, value]]);
  }
  const attributes = ['path', 'domain'].flatMap((each) => (given.has(each) ? [`${each}=${given.get(each)}`] : []));
  return change(flow, (head) => withHeader(head, 'Set-Cookie', [`${name}=${value}`, ...attributes].join('; ')));
}

function removeCookie(flow: Flow, name: string): string {
  if (flow.response === undefined) {
    return setCookies(
      flow,
      cookiesOf(flow).filter(([each]) => each !== name),
    );
  }
  return change(flow, (head) => ({
    ...head,
    headers: head.headers.filter((line) => line.name !== 'set-cookie' || !line.value.startsWith(`${name}=`)),
  }));
}

const cookieActions: Readonly<Record<string, (flow: Flow, args: readonly string[]) => string>> = {
  value: (flow, [name, value]) => {
    if (isGiven(value)) {
      setCookies(
        flow,
        cookiesOf(flow).map(([each, old]) => [each, each === name ? value : old] as const),
      );
    }
    return cookiesOf(flow).find(([each]) => each === name)?.[1] ?? '';
  },
  names: (flow) => makeList(cookiesOf(flow).map(([name]) => name)),
  count: (flow) => String(cookiesOf(flow).length),
  exists: (flow, [name]) => (cookiesOf(flow).some(([each]) => each === name) ? '1' : '0'),
  insert: insertCookie,
  remove: (flow, [name = '']) => removeCookie(flow, name),
};

function answer(flow: Flow, reply: RuleReply): string {
  if (flow.reply !== undefined) {
    throw new TclError('Operation not supported. Multiple redirect/respond invocations not allowed');
  }
  flow.reply = reply;
  return '';
}

/** `HTTP::respond 200 content {…} noserver Name value …`. */
const respond =
  (flow: Flow): Command =>
  ([status = '', ...given]) => {
    if (!/^\d{3}$/v.test(status)) {
      throw new TclError(`invalid status "${status}"`);
    }
    const words = given.filter((word) => word !== 'noserver');
    const start = words[0] === 'version' ? 2 : 0;
    const hasContent = words[start] === 'content';
    const headers = pairs(words.slice(hasContent ? start + 2 : start));
    return answer(flow, { status: Number(status), headers, body: hasContent ? (words[start + 1] ?? '') : '' });
  };

function basicAuth(flow: Flow): readonly [string, string] {
  const encoded = /^basic\s+(\S+)/iv.exec(headerValues(requestOf(flow), 'authorization')[0] ?? '')?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const cut = text.indexOf(':');
  return cut < 0 ? ['', ''] : [text.slice(0, cut), text.slice(cut + 1)];
}

/** Commands of HTTP, for the events of one connection. */
export const httpCommands: Readonly<Record<string, (flow: Flow) => Command>> = {
  'HTTP::uri': property((flow) => requestOf(flow).target, setTarget),
  'HTTP::path': property(
    (flow) => uriParts(requestOf(flow).target).path,
    (flow, path) => setTarget(flow, withQuery(path, uriParts(requestOf(flow).target).query)),
  ),
  'HTTP::query': property(
    (flow) => uriParts(requestOf(flow).target).query,
    (flow, query) => setTarget(flow, withQuery(uriParts(requestOf(flow).target).path, query)),
  ),
  'HTTP::host': property(
    (flow) => headerValues(requestOf(flow), 'host')[0] ?? '',
    (flow, host) => void setHeader(flow, 'Host', host),
  ),
  'HTTP::method': property(
    (flow) => requestOf(flow).method,
    (flow, method) => {
      const head = requestOf(flow);
      flow.request = withTarget({ ...head, method }, head.target);
    },
  ),
  'HTTP::version': property((flow) => `1.${headOf(flow).minor}`),
  'HTTP::status': property((flow) => String(flow.response?.status ?? '')),
  'HTTP::is_redirect': property((flow) => (isRedirect(flow) ? '1' : '0')),
  'HTTP::is_keepalive': property((flow) => headerActions['is_keepalive']?.(flow, []) ?? ''),
  'HTTP::request_num': property((flow) => String(flow.requests)),
  'HTTP::username': property((flow) => basicAuth(flow)[0]),
  'HTTP::password': property((flow) => basicAuth(flow)[1]),
  'HTTP::header': ensemble(headerActions),
  'HTTP::cookie': ensemble(cookieActions),
  'HTTP::respond': respond,
  'HTTP::redirect':
    (flow) =>
    ([location = '']) =>
      answer(flow, { status: 302, headers: [['Location', location]], body: '' }),
  'HTTP::request': property((flow) => printHead(requestOf(flow)).toString('latin1')),
  'HTTP::retry': (flow) => (args) => {
    if (flow.response === undefined) throw new TclError('command is not valid in the current event context');
    flow.retry = args.at(-1) ?? '';
    return '';
  },
  'HTTP::close': (flow) => () => {
    flow.closes = true;
    return '';
  },
};

/** `URI::path`, `URI::query` and others: parts of any text. */
export const uriCommands: Readonly<Record<string, Command>> = {
  'URI::decode': ([text = '']) => decoded(text),
  'URI::encode': ([text = '']) => encodeURIComponent(text),
  'URI::path': ([uri = '']) => {
    const { path } = uriParts(uri);
    return path.slice(0, path.lastIndexOf('/') + 1);
  },
  'URI::basename': ([uri = '']) => {
    const { path } = uriParts(uri);
    return path.slice(path.lastIndexOf('/') + 1);
  },
  'URI::query': ([uri = '', name]) => {
    const { query } = uriParts(uri);
    if (!isGiven(name)) {
      return query;
    }
    const found = query.split('&').find((pair) => pair.split('=', 1)[0] === name);
    return found?.slice(name.length + 1) ?? '';
  },
  'URI::host': ([uri = '']) => hostAndPort(uriParts(uri).host).host,
  'URI::port': ([uri = '']) => uriParts(uri).port,
  'URI::protocol': ([uri = '']) => uriParts(uri).scheme,
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
