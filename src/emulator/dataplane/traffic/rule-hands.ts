import type { FlowHands, KnownRecord, RecordScope, Side } from '../../irules/flow.ts';
import { maskedAddress } from '../addresses.ts';
import type { Forward } from '../forward.ts';
import type { PersistenceConfig } from '../model.ts';
import { recordKey } from '../persistence/records.ts';
import type { RecordKey } from '../persistence/records.ts';
import type { Scheduled } from '../scheduler.ts';
import { remember, selectMember } from '../selection.ts';
import { textSetting } from '../settings.ts';
import type { ClientConnection } from './client-connection.ts';

/** What rules have a connection do while they run. */
export class RuleHands implements FlowHands {
  readonly #connection: ClientConnection;
  readonly #timers = new Set<Scheduled>();
  #isClosed = false;

  constructor(connection: ClientConnection) {
    this.#connection = connection;
  }

  send(side: Side, bytes: Buffer): void {
    for (const wire of this.#connection.wires(side)) wire.write(bytes).catch(() => this.#connection.abort());
  }

  /** Times of rules are scaled like all others. A rule that fails then ends the connection. */
  after(ms: number, run: () => void): () => void {
    const { scheduler, msPerSecond } = this.#connection.context;
    if (this.#isClosed) return () => {};
    const due = scheduler.after((ms * msPerSecond) / 1000, () => {
      this.#timers.delete(due);
      this.#run(run);
    });
    this.#timers.add(due);
    return () => {
      due.cancel();
      this.#timers.delete(due);
    };
  }

  /** The connection is over: nothing is done later any more. */
  close(): void {
    this.#isClosed = true;
    for (const due of this.#timers) due.cancel();
    this.#timers.clear();
  }

  select(forward: Forward | undefined): (Forward & { readonly to: 'pool' }) | undefined {
    const pool = this.#connection.poolFor(forward);
    if (pool === undefined) return undefined;
    const member = selectMember(pool, this.#connection.seeker({ request: this.#connection.rules?.flow.request }));
    return member && { to: 'pool', pool: pool.config.fullPath, member: member.config.fullPath };
  }

  findRecord(mode: string, value: string, scope: RecordScope): KnownRecord | undefined {
    const { persistence, scheduler } = this.#connection.context;
    const { key, pool } = this.#recordKey(mode, value, scope);
    const member = persistence.get(key, scheduler.now());
    return member && { address: member.address, port: member.port, pool };
  }

  addRecord(mode: string, value: string, scope: RecordScope): void {
    const { context, rules } = this.#connection;
    const server = rules?.flow.server;
    const member = server && context.pools.get(server.pool)?.members.get(server.fullPath);
    const record = this.#recordKey(mode, value, scope);
    if (member !== undefined) remember(member, record, this.#connection.seeker({}));
  }

  deleteRecord(mode: string, value: string, scope: RecordScope): void {
    this.#connection.context.persistence.forget(this.#recordKey(mode, value, scope).key);
  }

  #run(run: () => void): void {
    try {
      run();
    } catch {
      this.#connection.abort();
    }
    if (this.#connection.rules?.flow.end !== undefined) void this.#connection.giveUp();
  }

  /** The key of a record: as far across virtual servers and pools as the profile says, or the rule. */
  #recordKey(mode: string, given: string, scope: RecordScope): RecordKey & { readonly pool: string } {
    const { config, rules } = this.#connection;
    const settings = config.persistence?.type === mode ? config.persistence.settings : {};
    const { forward, server } = rules?.flow ?? {};
    const pool = scope.pool ?? server?.pool ?? (forward?.to === 'pool' ? forward.pool : config.pool) ?? '';
    const isAddress = mode === 'source-addr' || mode === 'dest-addr';
    const value = isAddress ? maskedAddress(given, textSetting(settings, 'mask') ?? 'none') : given;
    const timeout = scope.timeout === undefined ? {} : { timeout: scope.timeout };
    const across = scope.any === undefined ? {} : { [ACROSS[scope.any]]: 'enabled' };
    const profile: PersistenceConfig = { type: mode, settings: { ...settings, ...timeout, ...across } };
    return { ...recordKey(profile, config, { pool, value }), pool };
  }
}

const ACROSS = {
  virtual: 'matchAcrossVirtuals',
  service: 'matchAcrossServices',
  pool: 'matchAcrossPools',
} as const;
