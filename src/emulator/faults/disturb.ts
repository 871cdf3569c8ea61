import { setTimeout as delay } from 'node:timers/promises';
import type { TokenStore } from '../auth/tokens.ts';
import { icrdError, type DeviceError } from '../errors/device-error.ts';
import { asyncContextTimeout, restarting } from '../errors/html.ts';
import { notFound } from '../errors/mcp.ts';
import { badToken, noCredentials, restjavadError, tooManyTokens } from '../errors/restjavad.ts';
import { header, type Reply, type Request } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import { tmSegments } from '../rest/handle-tm.ts';
import type { Device } from '../session/device.ts';
import type { TransactionStore } from '../transaction/transaction.ts';
import { resolveTarget } from '../uri/target.ts';
import type { Daemon, Fault } from './fault.ts';
import type { Active, Asked, Faults } from './faults.ts';
import { expired } from './slow-commit.ts';
import { isExclusive, operationOf, timeOf } from './timings.ts';

/** What faults work on. */
export interface DisturbedParts {
  readonly faults: Faults;
  readonly device: Device;
  readonly tokens: TokenStore;
  readonly transactions: TransactionStore;
}

/** The answer to a request, with who sent it. */
export interface Answered {
  readonly reply: Reply;
  readonly user: string | undefined;
}

/** Milliseconds that restjavad waits for an operation (fact sheet 11.1). */
const patience = 60_000;

/** 500 while the connection to mcpd is lost, 503 while a task runs (fact sheet 7.2). */
const lostMcpd = { status: 500, message: 'The connection to mcpd has been lost, try again.', apiError: 32_768_001 };
const activeTask = { status: 503, message: 'There is an active asynchronous task executing.', apiError: 32_964_609 };

function replyOf(error: DeviceError): Answered {
  return { reply: { status: error.status, body: error.body }, user: undefined };
}

function systemError({ status, message, apiError }: typeof lostMcpd): Answered {
  return replyOf(icrdError(status, message, apiError));
}

/** Puts the faults that are set between clients and the device. */
export class Disturbance {
  readonly #parts: DisturbedParts;
  /** The last of the writes that wait for each other. */
  #writing: Promise<void> = Promise.resolve();
  /** Restarts whose tokens were ended. */
  readonly #restarted = new Set<number>();

  constructor(parts: DisturbedParts) {
    this.#parts = parts;
  }

  /** Answers a request by what `work` gives, as far as faults let it. */
  async answer(request: Request, work: () => Promise<Answered>): Promise<Answered | 'cut'> {
    const { faults } = this.#parts;
    if (faults.isEmpty) {
      return await work();
    }
    const { method, path, query } = request;
    const asked: Asked = { method, uri: () => (query === '' ? path : `${path}?${query}`) };
    const refused = this.#refusal(request, asked);
    if (refused !== undefined) {
      return refused;
    }
    const latency = faults.hit('latency', asked);
    const cut = faults.hit('cut', asked)?.fault.when;
    if (cut === 'before') {
      await delay(latency?.fault.ms ?? 0);
      return 'cut';
    }
    const answered = latency === undefined ? await work() : await this.#delayed(request, work, latency);
    const squeezed = this.#squeezed(asked, answered);
    return cut === undefined ? squeezed : 'cut';
  }

  #refusal(request: Request, asked: Asked): Answered | 'cut' | undefined {
    const { faults } = this.#parts;
    const isReached = (fault: Fault): boolean =>
      fault.type !== 'restart' || fault.daemon !== 'mcpd' || request.path.startsWith('/mgmt/tm/');
    const restart = faults.hit('restart', { ...asked, suits: isReached });
    const phase = restart === undefined ? undefined : this.#restarting(request, restart);
    if (phase !== undefined) {
      return phase;
    }
    if (faults.hit('unavailable', asked) !== undefined) {
      return replyOf(restarting());
    }
    if (request.path.startsWith('/mgmt/tm/') && faults.hit('busy-task', asked) !== undefined) {
      return systemError(activeTask);
    }
    const refused = this.#unauthorized(request, asked) ?? this.#crowded(request, asked);
    return refused === undefined ? undefined : replyOf(refused);
  }

  /** What the daemons answer now; the order of the phases is recorded by clients that wait for them (fact sheet 5.4, 11.3). */
  #restarting(request: Request, restart: Active<Extract<Fault, { type: 'restart' }>>): Answered | 'cut' | undefined {
    const { daemon = 'all' } = restart.fault;
    const progress = this.#parts.faults.progress(restart);
    if (daemon === 'mcpd') {
      return this.#withoutMcpd(request, progress);
    }
    if (!this.#restarted.has(restart.id)) {
      this.#restarted.add(restart.id);
      this.#parts.faults.expireTokens();
    }
    if (progress < phases[daemon].reset) {
      return 'cut';
    }
    return replyOf(progress < phases[daemon].unavailable ? restarting() : unregistered(request.path));
  }

  /** First mcpd is not there; then it has not yet read its configuration, and objects seem to be missing. */
  #withoutMcpd({ path }: Request, progress: number): Answered | undefined {
    if (progress < phases.mcpd.unavailable) {
      return systemError(lostMcpd);
    }
    try {
      const target = resolveTarget(tmSegments(path), this.#parts.device.kinds);
      return target.type === 'object' && target.kind.naming === 'folder'
        ? replyOf(notFound(target.kind.type, target.fullPath))
        : undefined;
    } catch {
      return undefined;
    }
  }

  #unauthorized(request: Request, asked: Asked): DeviceError | undefined {
    const { faults, tokens, device } = this.#parts;
    if (request.path.startsWith('/mgmt/shared/authn/login')) {
      return undefined;
    }
    const refused = faults.hit('unauthorized', asked)?.fault;
    const given = header(request, 'x-f5-auth-token');
    const token = given === undefined ? undefined : tokens.find(given);
    const isOld = (fault: Fault): boolean =>
      fault.type === 'token-lifetime' &&
      typeof token === 'object' &&
      device.clock.now() - token.start >= fault.seconds * 1000;
    if (refused?.reason === 'expired' || faults.hit('token-lifetime', { ...asked, suits: isOld }) !== undefined) {
      return badToken('has expired', request.address);
    }
    return refused === undefined ? undefined : noCredentials(request.path, request.address);
  }

  /** A login when the user has as many tokens as the fault allows. */
  #crowded(request: Request, asked: Asked): DeviceError | undefined {
    const { faults, tokens } = this.#parts;
    if (request.method !== 'POST' || !request.path.startsWith('/mgmt/shared/authn/login')) {
      return undefined;
    }
    const name = usernameIn(request.body);
    const isFull = (fault: Fault): boolean =>
      fault.type === 'token-limit' && tokens.list(name).length >= (fault.limit ?? 100);
    return faults.hit('token-limit', { ...asked, suits: isFull }) === undefined ? undefined : tooManyTokens(name);
  }

  async #delayed(
    request: Request,
    work: () => Promise<Answered>,
    { fault, dice }: Active<Extract<Fault, { type: 'latency' }>>,
  ): Promise<Answered> {
    const isQueued = header(request, 'x-f5-rest-coordination-id') !== undefined;
    const operation = operationOf(request, isQueued);
    const timeout = fault.timeoutMs ?? patience;
    // A list is read first, to know how long it is; a write is carried out when its time has passed.
    const read = request.method === 'GET' ? await work() : undefined;
    const objects = read === undefined ? this.#commands(request) : itemsOf(read.reply);
    const ms = fault.ms ?? timeOf(operation, objects, dice) * (fault.scale ?? 1);
    const pass = fault.ms === undefined && isExclusive(operation) ? this.#inTurn(ms) : delay(ms);
    const done = pass.then(() => read ?? work());
    if (ms <= timeout) {
      return await done;
    }
    done.catch(() => undefined);
    await delay(timeout);
    return replyOf(expired(fault.shape, request));
  }

  /** mcpd does one write at a time: each begins when the one before is done. */
  #inTurn(ms: number): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await delay(ms);
    });
    return this.#writing;
  }

  /** How many commands a commit is about. */
  #commands({ path }: Request): number {
    const id = /^\/mgmt\/tm\/transaction\/(\d+)/v.exec(path)?.[1];
    return id === undefined ? 0 : (this.#parts.transactions.find(id)?.commands.length ?? 0);
  }

  /** Short of memory: what is large does not come through, and at last restjavad restarts. */
  #squeezed(asked: Asked, answered: Answered): Answered {
    const { faults } = this.#parts;
    const size = itemsOf(answered.reply);
    const isLarge = (fault: Fault): boolean => fault.type === 'memory' && size > (fault.items ?? 100);
    const memory = faults.hit('memory', { ...asked, suits: isLarge });
    if (memory === undefined) {
      return answered;
    }
    if (memory.used % (memory.fault.failures ?? Infinity) === 0) {
      faults.add({ type: 'restart', daemon: 'restjavad' });
    }
    return { ...replyOf(asyncContextTimeout()), user: answered.user };
  }
}

/** Until which part of a restart which phase lasts; the lengths are K. */
const phases: Readonly<Record<Daemon, { readonly reset: number; readonly unavailable: number }>> = {
  all: { reset: 0.25, unavailable: 0.75 },
  restjavad: { reset: 0, unavailable: 0.6 },
  mcpd: { reset: 0, unavailable: 0.6 },
};

function unregistered(path: string): DeviceError {
  const advice = 'Please verify URI is supported and wait for /available suffix to be responsive.';
  return restjavadError(404, `URI path ${path} not registered.  ${advice}`);
}

/** Empty when there is none, or no JSON: the login itself says what is wrong with it. */
function usernameIn(body: string): string {
  try {
    const { username } = jsonObject(body);
    return typeof username === 'string' ? username : '';
  } catch {
    return '';
  }
}

function itemsOf({ body }: Reply): number {
  const { items, entries } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (Array.isArray(items)) {
    return items.length;
  }
  return typeof entries === 'object' && entries !== null ? Object.keys(entries).length : 0;
}
