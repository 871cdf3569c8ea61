import type { Principal } from '../auth/users.ts';
import type { Clock } from '../session/device.ts';
import type { Query } from '../uri/query.ts';

/** One queued request. Its place in the list is its `evalOrder`. */
export interface Command {
  readonly commandId: number;
  readonly method: string;
  /** As `https://localhost/mgmt/tm/...`. */
  readonly uri: string;
  readonly segments: readonly string[];
  readonly query: Query;
  /** Undefined when the request had none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly principal: Principal;
}

/** Where a transaction stands. */
export type TransactionState = 'STARTED' | 'VALIDATING' | 'COMPLETED' | 'FAILED';

/** A transaction (fact sheet 6). */
export interface Transaction {
  /** Microseconds since the epoch. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  timeoutSeconds: number;
  state: TransactionState;
  asyncExecution: boolean;
  validateOnly: boolean;
  executionTimeout: number;
  /** Seconds. */
  executionTime: number;
  failureReason: string;
  nextCommandId: number;
  readonly commands: Command[];
}

/** The open transactions. One that is not committed in time is gone without a word. */
export class TransactionStore {
  readonly #transactions = new Map<string, Transaction>();
  readonly #clock: Clock;
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(
    options: Partial<Pick<Transaction, 'timeoutSeconds' | 'asyncExecution' | 'validateOnly' | 'executionTimeout'>>,
  ): Transaction {
    const created = this.#clock.now();
    this.#lastId = Math.max(created * 1000, this.#lastId + 1);
    const transaction: Transaction = {
      id: this.#lastId,
      created,
      timeoutSeconds: options.timeoutSeconds ?? 120,
      state: 'STARTED',
      asyncExecution: options.asyncExecution ?? false,
      validateOnly: options.validateOnly ?? false,
      executionTimeout: options.executionTimeout ?? 300,
      executionTime: 0,
      failureReason: '',
      nextCommandId: 1,
      commands: [],
    };
    this.#transactions.set(String(transaction.id), transaction);
    return transaction;
  }

  find(id: string): Transaction | undefined {
    this.#sweep();
    return this.#transactions.get(id);
  }

  list(): readonly Transaction[] {
    this.#sweep();
    return [...this.#transactions.values()];
  }

  delete(id: number): void {
    this.#transactions.delete(String(id));
  }

  clear(): void {
    this.#transactions.clear();
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [id, transaction] of this.#transactions) {
      if (transaction.state !== 'VALIDATING' && now - transaction.created > transaction.timeoutSeconds * 1000) {
        this.#transactions.delete(id);
      }
    }
  }
}
