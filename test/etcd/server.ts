import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { Agent, fetch } from 'undici';
import { freePort } from '../support/free-port.ts';

/** What a test may ask of a server. */
export interface EtcdSetup {
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    readonly ca: string;
    /** Whoever comes has to show a certificate of that authority. */
    readonly demandsCertificates?: true;
  };
}

/** Where clients come to, and where other members. */
type Ports = readonly [client: number, peer: number];

/** An etcd of its own on 127.0.0.1, that can be killed and started again with the data that it had. */
export class EtcdServer {
  readonly url: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'fairlead-etcd-'));
  readonly #args: readonly string[];
  readonly #agent: Agent;
  #process: ChildProcess | undefined;

  private constructor(ports: Ports, { tls }: EtcdSetup, cluster: readonly Ports[] = [ports]) {
    const [client, peer] = ports;
    this.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${client}`;
    const [cert, key, ca] = ['cert', 'key', 'ca'].map((name) => path.join(this.#folder, `${name}.pem`)) as [
      string,
      string,
      string,
    ];
    if (tls !== undefined) {
      writeFileSync(cert, tls.cert);
      writeFileSync(key, tls.key);
      writeFileSync(ca, tls.ca);
    }
    this.#agent = new Agent({ connect: tls === undefined ? {} : { ca: tls.ca, cert: tls.cert, key: tls.key } });
    const peers = `http://127.0.0.1:${peer}`;
    const members = cluster.map(([, port]) => `m${port}=http://127.0.0.1:${port}`).join(',');
    this.#args = [
      ['--name', `m${peer}`, '--data-dir', path.join(this.#folder, 'data'), '--enable-v2', '--unsafe-no-fsync'],
      ['--listen-client-urls', this.url, '--advertise-client-urls', this.url],
      ['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', members],
      tls === undefined ? [] : ['--cert-file', cert, '--key-file', key],
      tls?.demandsCertificates === true ? ['--client-cert-auth', '--trusted-ca-file', ca] : [],
      ['--logger', 'zap', '--log-outputs', path.join(this.#folder, 'log')],
    ].flat();
  }

  static async start(setup: EtcdSetup = {}): Promise<EtcdServer> {
    const server = new EtcdServer([await freePort(), await freePort()], setup);
    await server.up();
    return server;
  }

  /** A cluster of two: without one of them, the other has no leader. */
  static async startTwo(): Promise<readonly [EtcdServer, EtcdServer]> {
    const cluster: readonly Ports[] = [
      [await freePort(), await freePort()],
      [await freePort(), await freePort()],
    ];
    const [one, two] = cluster.map((ports) => new EtcdServer(ports, {}, cluster)) as [EtcdServer, EtcdServer];
    await Promise.all([one.up(), two.up()]);
    return [one, two];
  }

  /** Starts the process and waits until it answers. */
  async up(): Promise<void> {
    this.#process = spawn('etcd', this.#args, { stdio: 'ignore' });
    await vi.waitFor(async () => await this.send('GET', '/version'), { timeout: 30_000, interval: 50 });
  }

  /** Kills it, as a machine that loses its power. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    this.#process = undefined;
    const exit = once(running, 'exit');
    running.kill('SIGKILL');
    await exit;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#agent.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async send(
    method: string,
    where: string,
    { body, headers = {} }: { readonly body?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<unknown> {
    const answer = await fetch(`${this.url}${where}`, {
      method,
      headers,
      dispatcher: this.#agent,
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${method} ${where}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** A call of the v3 gateway. */
  async v3(call: string, body: unknown, token?: string): Promise<Record<string, string>> {
    const headers = token === undefined ? {} : { authorization: token };
    return (await this.send('POST', `/v3/${call}`, { body: JSON.stringify(body), headers })) as Record<string, string>;
  }

  async put(key: string, value: string, lease?: string): Promise<void> {
    const more = lease === undefined ? {} : { lease };
    await this.v3('kv/put', { key: base64(key), value: base64(value), ...more });
  }

  async remove(key: string): Promise<void> {
    await this.v3('kv/deleterange', { key: base64(key) });
  }

  /** Forgets all revisions before the newest one. */
  async compact(): Promise<void> {
    const { header } = (await this.v3('kv/range', { key: base64('x') })) as unknown as { header: { revision: string } };
    await this.v3('kv/compaction', { revision: header.revision, physical: true });
  }

  async putV2(key: string, value: string, ttl?: number): Promise<void> {
    const form = new URLSearchParams({ value, ...(ttl === undefined ? {} : { ttl: String(ttl) }) });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await this.send('PUT', `/v2/keys${key}`, { body: form.toString(), headers });
  }

  async removeV2(key: string): Promise<void> {
    await this.send('DELETE', `/v2/keys${key}`);
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
