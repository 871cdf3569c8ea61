import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

type Fields = Readonly<Record<string, unknown>>;

/** One request as it arrived. */
export interface Seen {
  readonly method: string;
  /** Without the query, percent-decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  /** The transaction that it is queued in. */
  readonly transaction: string | undefined;
  readonly body: Fields;
}

/** `cut`: the connection is closed without an answer. `hang`: nothing ever comes. A text body is sent as HTML. */
export type Reply = { readonly status: number; readonly body?: Fields | string } | 'cut' | 'hang';

/** Decides instead of the device; `undefined`: it does its usual. `proceed` does the usual and gives its reply. */
type Script = (seen: Seen, proceed: () => Reply) => Reply | undefined;

/** A few lines of iControl REST for tests of the protocol: each case scripts what the device does wrong. */
export interface ScriptedBigip {
  readonly url: string;
  readonly port: number;
  readonly requests: Seen[];
  /** Objects by URI path. */
  readonly objects: Map<string, Fields>;
  /** Tokens that are good. */
  readonly tokens: Set<string>;
  script: Script;
  /** `POST /mgmt/tm/transaction`, one line each, logins left out. */
  lines(): readonly string[];
  close(): Promise<void>;
}

export const PASSWORD = 'S3cret-of-the-device';

/** Starts one on 127.0.0.1. */
export async function startScriptedBigip(
  options: {
    readonly tls?: { readonly key: string; readonly cert: string };
    readonly port?: number;
    readonly version?: string;
  } = {},
): Promise<ScriptedBigip> {
  const device = new Device(options.version ?? '17.1.0');
  const listener = (request: IncomingMessage, response: ServerResponse): void => void device.handle(request, response);
  const server: Server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(device, {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

class Device {
  readonly requests: Seen[] = [];
  readonly objects = new Map<string, Fields>();
  readonly tokens = new Set<string>();
  readonly #queues = new Map<string, Seen[]>();
  readonly #version: string;
  #count = 0;
  script: Script = () => undefined;

  constructor(version: string) {
    this.#version = version;
    this.objects.set('/mgmt/tm/auth/partition/k', { name: 'k', fullPath: 'k', defaultRouteDomain: 0 });
  }

  lines(): readonly string[] {
    const calls = this.requests.filter(({ path }) => !path.startsWith('/mgmt/shared/'));
    return calls.map(
      ({ method, path, transaction }) => `${method} ${path}${transaction === undefined ? '' : ' queued'}`,
    );
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://device');
    const seen: Seen = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      token: one(request.headers['x-f5-auth-token']),
      transaction: one(request.headers['x-f5-rest-coordination-id']),
      body: text === '' ? {} : (JSON.parse(text) as Fields),
    };
    this.requests.push(seen);
    let usual: Reply | undefined;
    const proceed = (): Reply => (usual ??= this.#answer(seen));
    send(response, this.script(seen, proceed) ?? proceed());
  }

  #answer(seen: Seen): Reply {
    const { method, path } = seen;
    if (path === '/mgmt/shared/authn/login') return this.#login(seen);
    if (seen.token === undefined || !this.tokens.has(seen.token)) return error(401, 'X-F5-Auth-Token does not exist.');
    if (path.startsWith('/mgmt/shared/authz/tokens/')) return this.#token(seen);
    if (path === '/mgmt/tm/sys') return ok({ selfLink: `https://localhost/mgmt/tm/sys?ver=${this.#version}` });
    if (path === '/mgmt/tm/sys/config') return ok(seen.body);
    if (path.startsWith('/mgmt/tm/transaction')) return this.#transaction(seen);
    if (seen.transaction === undefined) return this.apply(seen);
    const queue = this.#queues.get(seen.transaction);
    if (queue === undefined) return error(404, 'Missing transaction ID for this call.');
    queue.push(seen);
    return ok({ method, uri: path, commandId: queue.length, evalOrder: queue.length });
  }

  #login({ method, body }: Seen): Reply {
    if (method !== 'POST' || body['password'] !== PASSWORD) return error(401, 'Authentication failed.');
    this.#count += 1;
    const token = `TOKEN${'ABCDEFGHIJ'.charAt(this.#count % 10)}${this.#count}`;
    this.tokens.add(token);
    return ok({ token: { token, timeout: 1200, userName: body['username'] } });
  }

  #token({ method, path, body }: Seen): Reply {
    const token = path.slice(path.lastIndexOf('/') + 1);
    if (method === 'DELETE') this.tokens.delete(token);
    return ok({ token, ...body });
  }

  #transaction({ method, path }: Seen): Reply {
    const id = path.split('/')[4];
    if (method === 'POST') {
      this.#count += 1;
      this.#queues.set(`${1_526_674_837_169_915 + this.#count}`, []);
      return ok({ transId: 1_526_674_837_169_915 + this.#count, state: 'STARTED' });
    }
    const queue = this.#queues.get(id ?? '');
    if (queue === undefined) return error(404, `transaction ${id} was not found`);
    if (method === 'GET') return ok({ transId: Number(id), state: 'STARTED' });
    this.#queues.delete(id ?? '');
    if (method === 'DELETE') return ok({});
    const before = new Map(this.objects);
    for (const command of queue) {
      const reply = this.apply(command);
      if (typeof reply === 'string' || reply.status === 200) continue;
      this.objects.clear();
      for (const [key, value] of before) this.objects.set(key, value);
      return error(400, `transaction failed:${String((reply.body as Fields)['message'])}`);
    }
    return ok({ transId: Number(id), state: 'COMPLETED' });
  }

  /** What a command does to the objects. Names are checked: `broken` in one is refused as a bad value. */
  apply({ method, path, body }: Seen): Reply {
    const { name, partition } = body as { readonly name?: string; readonly partition?: string };
    const item = method === 'POST' ? `${path}/~${partition}~${name}` : path;
    const full = item.slice(item.lastIndexOf('/') + 1).replaceAll('~', '/');
    const there = this.objects.get(item);
    if (method === 'GET') return there === undefined ? missing(full) : ok(there);
    if (JSON.stringify(body).includes('broken'))
      return error(400, `01070734:3: Configuration error: bad value on ${full}`);
    if (JSON.stringify(body).includes('unnamed')) return error(400, '01070734:3: Configuration error: a bad value');
    if (method === 'POST') {
      if (there !== undefined)
        return error(409, `01020066:3: The requested Pool (${full}) already exists in partition k.`);
      this.objects.set(item, { ...body, fullPath: full });
      return ok(body);
    }
    if (there === undefined) return missing(full);
    if (method === 'DELETE') this.objects.delete(item);
    else this.objects.set(item, { ...there, ...body });
    return ok({});
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** An error as icrd writes it. */
export function error(status: number, message: string): Reply {
  return { status, body: { code: status, message, errorStack: [], apiError: 3 } };
}

/** Apache's page while the device restarts. */
export const RESTARTING: Reply = {
  status: 503,
  body: '<html><head><title>BIG-IP&reg; - Configuration Utility restarting...</title></head><body/></html>',
};

function ok(body: Fields): Reply {
  return { status: 200, body };
}

function missing(path: string): Reply {
  return error(404, `01020036:3: The requested Pool (${path}) was not found.`);
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'cut') {
    response.destroy();
    return;
  }
  const { status, body } = reply;
  const html = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': html ? 'text/html' : 'application/json' });
  response.end(html ? body : body === undefined ? '' : JSON.stringify(body));
}
