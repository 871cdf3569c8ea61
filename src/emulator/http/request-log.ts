/** One request as it was answered. */
export interface LogEntry {
  readonly method: string;
  /** Path without query, as sent; a token in it is left out. */
  readonly path: string;
  /** As sent; values of parameters that are named like secrets are left out. */
  readonly query: string;
  /** The body: parsed when it is JSON (secrets left out), else text; undefined when empty. */
  readonly body: unknown;
  readonly status: number;
  readonly user: string | undefined;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly time: number;
  /** Milliseconds that the answer took, by the machine's clock. */
  readonly ms: number;
  /** The transaction that it was queued in, or committed. */
  readonly transaction: string | undefined;
  /** Whether it changes, or queues a change of, the configuration: any but GET under `/mgmt/tm`, commands left out. */
  readonly write: boolean;
}

/** The last requests, oldest first, up to a bound. */
export class RequestLog {
  readonly #limit: number;
  #entries: LogEntry[] = [];
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Requests since the start or the last `clear`, also those that no longer fit. */
  get total(): number {
    return this.#total;
  }

  entries(): readonly LogEntry[] {
    return this.#entries.slice(-this.#limit);
  }

  /** The writes among them. */
  writes(): readonly LogEntry[] {
    return this.entries().filter((entry) => entry.write);
  }

  add(entry: LogEntry): void {
    this.#total += 1;
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit * 2) {
      this.#entries = this.#entries.slice(-this.#limit);
    }
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
  }
}

const secretName = /password|passphrase|passwd|secret|token/iv;

/** Passwords within command lines: `create auth user kim password ***`, `variables add { a { encrypted yes value *** } }`. */
function redactText(text: string): string {
  return text
    .replaceAll(/\b((?:old-)?(?:encrypted-)?(?:password|passphrase|secret))(\s+)\S+/gv, '$1$2***')
    .replaceAll(/\{[^\{\}]*\bencrypted\s+yes\b[^\{\}]*(?:\{[^\{\}]*\})?[^\{\}]*\}/gv, '{ *** }');
}

/** Whether an object is an answer to a template that is kept encrypted, or that is named like a secret. */
function isSecretAnswer(value: object): boolean {
  const { encrypted, name } = value as { readonly encrypted?: unknown; readonly name?: unknown };
  const isMarked = encrypted === true || /^(?:yes|true)$/iv.test(String(encrypted));
  return 'value' in value && (isMarked || (typeof name === 'string' && secretName.test(name)));
}

function redact(value: unknown): unknown {
  if (typeof value === 'string') {
    return redactText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(redact);
  }
  const isSecret = isSecretAnswer(value);
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    secretName.test(name) || (isSecret && name === 'value') ? '***' : redact(each),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** A path as the log keeps it: without the token that paths of tokens hold. */
export function loggedPath(path: string): string {
  return path.replace(/^(\/mgmt\/shared\/authz\/tokens\/)[^\/]+/v, '$1***');
}

/** A query as the log keeps it. */
export function loggedQuery(query: string): string {
  return query.replaceAll(/(?<=^|&)([^&\x3d]*(?:password|passphrase|secret|token)[^&\x3d]*\x3d)[^&]*/giv, '$1***');
}

/** A body as the log keeps it. */
export function loggedBody(text: string): unknown {
  if (text === '') {
    return undefined;
  }
  try {
    return redact(JSON.parse(text));
  } catch {
    return redactText(text.slice(0, 2000));
  }
}

/** Commands that change no object: saving, config-sync, bash. */
const commands = /^\/mgmt\/tm\/(?:sys\/config|util\/|cm\/?$)/v;

/** Whether a request changes, or queues a change of, the configuration; commands such as `save` do not. */
export function isWrite(method: string, path: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && path.startsWith('/mgmt/tm/') && !commands.test(path);
}
