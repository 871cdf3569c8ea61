import { randomBytes } from 'node:crypto';
import type { Clock } from '../session/device.ts';

/** An auth token. */
export interface Token {
  readonly token: string;
  readonly userName: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Seconds from the start. */
  readonly timeout: number;
  readonly generation: number;
  readonly updated: number;
  readonly address: string;
}

/** Most tokens that a user may have at once; the built-in `admin` is exempt (fact sheet 1.3). */
export const maxTokens = 100;
/** Seconds that a token can last at most. */
export const maxTimeout = 36_000;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function newToken(): string {
  return Array.from(randomBytes(26), (byte) => letters.charAt(byte % 32)).join('');
}

function endOf(token: Token): number {
  return token.start + token.timeout * 1000;
}

/** The tokens that are in force. */
export class TokenStore {
  readonly #tokens = new Map<string, Token>();
  readonly #expired = new Set<string>();
  readonly #clock: Clock;
  /** No token ends before; so that requests do not look at every token. */
  #nextEnd = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new token for a user; undefined when the user has the most that are allowed. */
  issue(userName: string, address: string): Token | undefined {
    this.#sweep();
    if (userName !== 'admin' && this.list(userName).length >= maxTokens) {
      return undefined;
    }
    const start = this.#clock.now();
    const token = { token: newToken(), userName, start, timeout: 1200, generation: 1, updated: start, address };
    this.#put(token);
    return token;
  }

  /** A token in force, or why it is not. */
  find(text: string): Token | 'does not exist' | 'has expired' {
    this.#sweep();
    return this.#tokens.get(text) ?? (this.#expired.has(text) ? 'has expired' : 'does not exist');
  }

  /** Sets how long a token lasts from its start, in seconds. */
  extend(token: Token, timeout: number): Token {
    const changed = { ...token, timeout, generation: token.generation + 1, updated: this.#clock.now() };
    this.#put(changed);
    return changed;
  }

  delete(text: string): void {
    this.#tokens.delete(text);
  }

  /** Tokens of a user, or of all. */
  list(userName?: string): readonly Token[] {
    this.#sweep();
    const all = [...this.#tokens.values()];
    return userName === undefined ? all : all.filter((token) => token.userName === userName);
  }

  /** Ends every token, as a restart does. */
  expireAll(): void {
    for (const text of this.#tokens.keys()) {
      this.#noteExpired(text);
    }
    this.#tokens.clear();
  }

  #put(token: Token): void {
    this.#tokens.set(token.token, token);
    this.#nextEnd = Math.min(this.#nextEnd, endOf(token));
  }

  #sweep(): void {
    const now = this.#clock.now();
    if (now < this.#nextEnd) {
      return;
    }
    this.#nextEnd = Infinity;
    for (const token of this.#tokens.values()) {
      if (endOf(token) <= now) {
        this.#tokens.delete(token.token);
        this.#noteExpired(token.token);
      } else {
        this.#nextEnd = Math.min(this.#nextEnd, endOf(token));
      }
    }
  }

  #noteExpired(text: string): void {
    this.#expired.add(text);
    if (this.#expired.size > 10_000) {
      this.#expired.clear();
    }
  }
}
