import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { FakeCollection, keyOf, matches } from './fake-objects.ts';
import type { FakeObject } from './fake-objects.ts';
import { FakeWatch } from './fake-watch.ts';
import type { WatchFaults } from './fake-watch.ts';

/** A request that came in. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string;
  readonly body: unknown;
}

/** A refusal that is prepared for requests. */
export interface FakeFault {
  readonly status: number;
  /** `list`, `watch`, `get`, `patch`, `create`. Left out: all. */
  readonly verb?: string;
  /** Plural, with a subresource after a slash. Left out: all. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly retryAfter?: number;
  /** Left out: until it is removed. */
  times?: number;
}

interface Route {
  readonly verb: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

const PATH =
  /^\/(?:api\/v1|apis\/[^/]+\/v1)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;
const PLURALS: Readonly<Record<string, string>> = {
  Service: 'services',
  EndpointSlice: 'endpointslices',
  Node: 'nodes',
  Namespace: 'namespaces',
  Event: 'events',
  Secret: 'secrets',
  Ingress: 'ingresses',
  IngressClass: 'ingressclasses',
  BlockAffinity: 'blockaffinities',
};

/** An API server for tests: list with paging, watch with bookmarks, status, Events, access reviews; and faults. */
export class FakeApi {
  readonly requests: FakeRequest[] = [];
  readonly faults: FakeFault[] = [];
  readonly watchFaults: WatchFaults = { chunkBytes: 0, cutAfter: [], silent: false, goneAsEvent: false };
  readonly watches = new Set<FakeWatch>();
  /** Requests without this token get 401. */
  token: string | undefined;
  /** What refusals say, in place of their number. */
  quote: string | undefined;
  /** Access reviews that answer no: `list services`. */
  readonly denied = new Set<string>();
  #continues = new Map<string, { readonly version: number; readonly rest: readonly FakeObject[] }>();
  readonly #clock = { version: 100 };
  readonly #collections = new Map<string, FakeCollection>();
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));

  /** Starts on a free port of the loopback; gives the URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Connections that are open. */
  async connections(): Promise<number> {
    return new Promise((resolve) => this.#server.getConnections((_, count) => resolve(count)));
  }

  collection(plural: string): FakeCollection {
    const known = this.#collections.get(plural) ?? new FakeCollection(this.#clock);
    this.#collections.set(plural, known);
    return known;
  }

  put(...objects: FakeObject[]): void {
    for (const object of objects) this.collection(PLURALS[object.kind] ?? '').put(object);
  }

  remove(kind: string, key: string): void {
    this.collection(PLURALS[kind] ?? '').remove(key);
  }

  /** Sends a bookmark on every watch. */
  bookmark(): void {
    for (const watch of this.watches) watch.bookmark('Any', this.#clock.version);
  }

  /** Old versions and continue tokens are forgotten, as after etcd's compaction. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact();
    this.#continues.clear();
  }

  /** Versions start again from a lower number, as after etcd was restored from a backup. */
  setBack(): void {
    this.compact();
    for (const collection of this.#collections.values()) collection.forget();
    this.#clock.version = 10;
  }

  /** Requests so far that match. */
  count(method: string, pattern: RegExp): number {
    return this.requests.filter((request) => request.method === method && pattern.test(request.path)).length;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const query = Object.fromEntries(url.searchParams);
    const body = await readBody(request);
    const authorization = request.headers.authorization ?? '';
    const method = request.method ?? 'GET';
    this.requests.push({ method, path: url.pathname, query, authorization, body });
    if (this.token !== undefined && authorization !== `Bearer ${this.token}`) return fail(response, { status: 401 });
    if (url.pathname === '/version') return answer(response, 200, { major: '1', minor: '34', gitVersion: 'v1.34.0' });
    const route = routeOf(method, url.pathname, query);
    if (route === undefined) return fail(response, { status: 404 });
    const fault = this.#faultFor(route);
    if (fault !== undefined) return fail(response, fault, this.quote);
    this.#route(route, { query, body, response });
  }

  #route(
    route: Route,
    { query, body, response }: { query: Record<string, string>; body: unknown; response: ServerResponse },
  ): void {
    if (route.plural === 'selfsubjectaccessreviews') return this.#review(body, response);
    if (route.verb === 'watch') return this.#watch(route, query, response);
    if (route.verb === 'list') return this.#list(route, query, response);
    if (route.verb === 'create') return this.#create(route, body, response);
    return this.#one(route, body, response);
  }

  #faultFor(route: Route): FakeFault | undefined {
    const resource = route.subresource === undefined ? route.plural : `${route.plural}/${route.subresource}`;
    const index = this.faults.findIndex(
      (each) =>
        (each.verb ?? route.verb) === route.verb &&
        (each.resource ?? resource) === resource &&
        (each.namespace ?? route.namespace) === route.namespace,
    );
    const fault = this.faults[index];
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times === 0) this.faults.splice(index, 1);
    }
    return fault;
  }

  #list(route: Route, query: Record<string, string>, response: ServerResponse): void {
    const token = query['continue'];
    const held = token === undefined ? undefined : this.#continues.get(token);
    if (token !== undefined && held === undefined) return fail(response, { status: 410 });
    const filter = filterOf(route, query);
    const all = this.collection(route.plural).objects.filter((object) => matches(object, filter));
    const { version, rest } = held ?? { version: this.#clock.version, rest: all };
    const limit = Number(query['limit'] ?? 0) || rest.length;
    const page = rest.slice(0, limit);
    const left = rest.slice(limit);
    const next = left.length === 0 ? undefined : `${version}-${left.length}-${this.requests.length}`;
    if (next !== undefined) this.#continues.set(next, { version, rest: left });
    // Items of a typed list carry neither kind nor apiVersion.
    const items = page.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item);
    answer(response, 200, { kind: 'AnyList', metadata: { resourceVersion: String(version), continue: next }, items });
  }

  #watch(route: Route, query: Record<string, string>, response: ServerResponse): void {
    const collection = this.collection(route.plural);
    const missed = collection.since(Number(query['resourceVersion'] ?? 0));
    if (missed === undefined && !this.watchFaults.goneAsEvent) return fail(response, { status: 410 });
    const watch = new FakeWatch({
      response,
      collection,
      filter: filterOf(route, query),
      faults: this.watchFaults,
      seconds: Number(query['timeoutSeconds'] ?? 60),
      onClose: (closed) => this.watches.delete(closed),
    });
    this.watches.add(watch);
    if (missed === undefined) {
      watch.line({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old resource version' } });
      return watch.end();
    }
    for (const event of missed) watch.send(event);
  }

  #create(route: Route, body: unknown, response: ServerResponse): void {
    const object = body as FakeObject;
    const collection = this.collection(route.plural);
    if (collection.get(keyOf(object)) !== undefined) return fail(response, { status: 409 });
    answer(response, 201, collection.put(object));
  }

  #one(route: Route, body: unknown, response: ServerResponse): void {
    const collection = this.collection(route.plural);
    const key = route.namespace === undefined ? (route.name ?? '') : `${route.namespace}/${route.name}`;
    const object = collection.get(key);
    if (object === undefined) return fail(response, { status: 404 });
    if (route.verb === 'get') return answer(response, 200, object);
    const patch = body as { metadata?: { resourceVersion?: string } };
    const expected = patch.metadata?.resourceVersion;
    if (expected !== undefined && expected !== object.metadata.resourceVersion) return fail(response, { status: 409 });
    answer(response, 200, collection.put(mergePatch(object, body) as FakeObject));
  }

  #review(body: unknown, response: ServerResponse): void {
    const { spec } = body as { spec: { resourceAttributes: { verb: string; resource: string; subresource?: string } } };
    const { verb, resource, subresource } = spec.resourceAttributes;
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    answer(response, 201, { status: { allowed: !this.denied.has(`${verb} ${name}`) } });
  }
}

function routeOf(method: string, path: string, query: Record<string, string>): Route | undefined {
  const groups = PATH.exec(path)?.groups;
  if (groups === undefined) return undefined;
  const reads = groups['name'] === undefined ? (query['watch'] === '1' ? 'watch' : 'list') : 'get';
  const verb = method === 'GET' ? reads : method === 'POST' ? 'create' : 'patch';
  return { ...(groups as unknown as Route), verb };
}

function filterOf(route: Route, query: Record<string, string>): { namespace?: string; labels: string } {
  const labels = query['labelSelector'] ?? '';
  return route.namespace === undefined ? { labels } : { namespace: route.namespace, labels };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, fault: FakeFault, message = `fake ${fault.status}`): void {
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
  answer(response, fault.status, { kind: 'Status', code: fault.status, message });
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}
