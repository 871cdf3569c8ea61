import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { isMap } from '../tables/document.ts';
import { connectorWith } from '../tls-files.ts';
import type { KeyChanges, KeyList, KeyStore } from '../watching/key-feed.ts';
import { JsonLines } from '../watching/json-lines.ts';
import type { Container } from './container.ts';
import { readContainer } from './container.ts';
import type { DockerOptions, DockerTiming } from './options.ts';
import { defaultDockerTiming } from './options.ts';
import { POOL_LABEL } from './rows.ts';

/** What an Engine answered that was not asked for, or that it did not answer. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** The newest API that this was written for; an older Engine is asked in its own. What is used has been there since 1.24. */
const WRITTEN_FOR = '1.44';

/** After which of its events a container may be something else to us (Docker Engine API, `GET /events`, K). */
const EVENTS = `start die stop pause unpause restart rename update destroy health_status connect disconnect`.split(' ');

/** A Docker Engine: containers with our label, by their ids. */
export class Engine implements KeyStore<Container> {
  readonly #agent: Agent;
  readonly #origin: string;
  readonly #timing: DockerTiming;
  #prefix = '';

  constructor({ engine, tls, timing }: DockerOptions) {
    this.#timing = { ...defaultDockerTiming, ...timing };
    const where = 'socket' in engine ? { socketPath: engine.socket } : {};
    this.#agent = new Agent({ connect: connectorWith(tls, { ...where, timeout: 5000 }), allowH2: false });
    this.#origin = 'socket' in engine ? 'http://localhost' : new URL(engine.url).origin;
  }

  async list(signal: AbortSignal): Promise<KeyList<Container>> {
    const answer = await this.#get('/version', signal);
    const version = await jsonOf(answer);
    this.#prefix = `/v${chooseVersion(isMap(version) ? version : {})}`;
    const items = await this.#containers({ label: [POOL_LABEL] }, signal);
    return { items, position: sinceOf(answer) };
  }

  /** One question for the containers of the events that came together. */
  async *watch(
    position: string,
    { signal, onOpen }: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<KeyChanges<Container>> {
    const filters = encodeFilters({ type: ['container', 'network'], event: EVENTS });
    const path = `${this.#prefix}/events?since=${position}&filters=${filters}`;
    const { body } = await this.#get(path, signal, this.#timing.silenceMs);
    onOpen();
    const lines = new JsonLines();
    for await (const chunk of body) {
      const ids = new Set(lines.push(chunk as Uint8Array).flatMap((event) => idOf(event) ?? []));
      if (ids.size === 0) continue;
      const there = await this.#containers({ id: [...ids], label: [POOL_LABEL] }, signal);
      yield new Map([...ids].map((id) => [id, there.get(id)]));
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #containers(
    filters: Readonly<Record<string, readonly string[]>>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Container>> {
    const path = `${this.#prefix}/containers/json?all=true&filters=${encodeFilters(filters)}`;
    const answer = await jsonOf(await this.#get(path, signal));
    if (!Array.isArray(answer)) throw new EngineError('its answer is no list of containers');
    const containers = (answer as readonly unknown[]).map(readContainer);
    const known = containers.filter((container) => container !== undefined);
    if (known.length < containers.length) throw new EngineError('its list holds something that is no container');
    return new Map(known.map((container) => [container.id, container]));
  }

  async #get(path: string, signal: AbortSignal, silenceMs?: number): Promise<Dispatcher.ResponseData> {
    const timeout = this.#timing.requestMs;
    const answer = await this.#agent.request({
      origin: this.#origin,
      path,
      method: 'GET',
      headers: { accept: 'application/json' },
      headersTimeout: timeout,
      bodyTimeout: silenceMs ?? timeout,
      signal,
    });
    if (answer.statusCode === 200) return answer;
    const said = await jsonOf(answer).catch(() => undefined);
    const words = isMap(said) && typeof said['message'] === 'string' ? `: ${said['message'].slice(0, 200)}` : '';
    throw new EngineError(`it answered ${answer.statusCode}${words}`);
  }
}

async function jsonOf(answer: Dispatcher.ResponseData): Promise<unknown> {
  const text = await answer.body.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new EngineError(`it answered ${answer.statusCode} with ${text.length} characters that are no JSON`);
  }
}

function encodeFilters(filters: Readonly<Record<string, readonly string[]>>): string {
  return encodeURIComponent(JSON.stringify(filters));
}

/** The version of the API that both speak: ours, the Engine's if it is older, its oldest if even that is newer. */
function chooseVersion({ ApiVersion: newest, MinAPIVersion: oldest }: Readonly<Record<string, unknown>>): string {
  if (typeof newest !== 'string' || !/^\d+\.\d+$/.test(newest)) throw new EngineError('it names no ApiVersion');
  if (isOlder(newest, WRITTEN_FOR)) return newest;
  return typeof oldest === 'string' && /^\d+\.\d+$/.test(oldest) && isOlder(WRITTEN_FOR, oldest) ? oldest : WRITTEN_FOR;
}

function isOlder(a: string, b: string): boolean {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [a, b].map((text) =>
    text.split('.').map(Number),
  ) as [number[], number[]];
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

/** By the clock of the Engine, a second before it was asked: what is told twice changes nothing. */
function sinceOf({ headers }: Dispatcher.ResponseData): string {
  const date = Date.parse(String(headers['date']));
  return String(Math.floor((Number.isNaN(date) ? Date.now() : date) / 1000) - 1);
}

/** The container that an event is about; undefined: none of ours. */
function idOf(event: unknown): string | undefined {
  const { Type: type, Actor: actor } = isMap(event) ? event : {};
  const { ID: id, Attributes: attributes } = isMap(actor) ? actor : {};
  const known = isMap(attributes) ? attributes : {};
  if (type === 'container') return typeof id === 'string' && POOL_LABEL in known ? id : undefined;
  // A container came to a network, or left it.
  return type === 'network' && typeof known['container'] === 'string' ? known['container'] : undefined;
}
