import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import type { SqlDriver } from '../../src/sources/sql/options.ts';

/** Database servers refuse to run as root: there they run as nobody. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** What a server of a test is made with. */
export interface ServerSetup {
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
}

/** A database server of its own on 127.0.0.1, that can be killed and started again with the data that it had. */
export abstract class DatabaseServer {
  abstract readonly driver: SqlDriver;
  readonly port: number;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'fairlead-sql-'));
  #process: ChildProcess | undefined;

  protected constructor(port: number) {
    this.port = port;
    if (USER.uid !== undefined) chownSync(this.folder, USER.uid, USER.gid);
    this.write('log', '');
  }

  /** What its programs and clients get beside the environment. */
  abstract readonly clientEnv: Readonly<Record<string, string>>;
  /** From now on this user has to show a certificate. */
  abstract demandCertificates(user: string): void;
  protected abstract serve(): readonly [string, ...string[]];
  protected abstract client(database: string): readonly [string, ...string[]];

  /** All that it wrote, with every statement. */
  log(): string {
    return readFileSync(this.at('log'), 'utf8');
  }

  /** Runs statements as its administrator; gives what they give, as text. */
  sql(text: string, database = ''): string {
    const [program, ...args] = this.client(database);
    const { status, stdout, stderr } = spawnSync(program, args, { input: text, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program}: ${stderr}\n${text}`);
    return stdout.trim();
  }

  /** Starts the process and waits until it answers. */
  async up(): Promise<void> {
    const [program, ...args] = this.serve();
    const log = openSync(this.at('log'), 'a');
    const running = spawn(program, args, { stdio: ['ignore', log, log], ...this.#place });
    closeSync(log);
    this.#process = running;
    const gone = once(running, 'exit').then(() => `${program} ended:\n${this.log()}`);
    const ready = vi.waitFor(() => void this.sql('SELECT 1'), { timeout: 60_000, interval: 50 });
    const failure = await Promise.race([gone, ready]);
    if (typeof failure === 'string') throw new Error(failure);
  }

  /** Ends it: `SIGTERM` in good order, `SIGKILL` as a machine that loses its power. */
  async down(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    this.#process = undefined;
    const exit = once(running, 'exit');
    running.kill(signal);
    await exit;
  }

  async close(): Promise<void> {
    await this.down('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A server clears the folder of temporary files when it starts, also of those of others. */
  get #place(): SpawnOptions {
    return { cwd: this.folder, env: { ...process.env, TMPDIR: this.folder }, ...USER };
  }

  protected at(name: string): string {
    return path.join(this.folder, name);
  }

  /** A file that the server alone may read. */
  protected write(name: string, text: string): string {
    writeFileSync(this.at(name), text, { mode: 0o600 });
    if (USER.uid !== undefined) chownSync(this.at(name), USER.uid, USER.gid);
    return this.at(name);
  }

  /** Runs a program to its end, as the user of the server. */
  protected run(program: string, ...args: readonly string[]): void {
    const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8', ...this.#place });
    if (status !== 0) throw new Error(`${program}: ${stdout}\n${stderr}`);
  }
}
