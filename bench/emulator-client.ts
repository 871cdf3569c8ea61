import { Pool } from 'undici';

/** A request as the bench sends it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/mgmt/tm/`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Connections that the load is spread over. */
const CONNECTIONS = 16;

/** A client of the emulator, by Basic credentials over connections that are kept. */
export class Load {
  readonly #pool: Pool;
  readonly #authorization: string;

  constructor({ url, certificate, password }: { url: string; certificate: string; password: string }) {
    this.#pool = new Pool(url, { connections: CONNECTIONS, connect: { ca: certificate } });
    this.#authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  }

  /** Sends one request; gives the answer's body. Rejects on anything but 200. */
  async send({ method, path, body, headers = {} }: Call): Promise<unknown> {
    const answer = await this.#pool.request({
      method,
      path: `/mgmt/tm/${path}`,
      headers: { authorization: this.#authorization, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }

  /** Sends `count` requests, one at a time on each connection. Gives seconds. */
  async sendMany(count: number, call: (number: number) => Call): Promise<number> {
    let next = 0;
    const started = performance.now();
    const worker = async (): Promise<void> => {
      while (next < count) {
        const number = next;
        next += 1;
        await this.send(call(number));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    return (performance.now() - started) / 1000;
  }

  /** Queues requests in a transaction and commits it. Gives the milliseconds of the commit alone. */
  async transact(calls: readonly Call[]): Promise<number> {
    const { transId } = (await this.send({ method: 'POST', path: 'transaction', body: {} })) as { transId: number };
    const headers = { 'x-f5-rest-coordination-id': String(transId) };
    for (const call of calls) await this.send({ ...call, headers });
    const started = performance.now();
    await this.send({ method: 'PATCH', path: `transaction/${transId}`, body: { state: 'VALIDATING' } });
    return performance.now() - started;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
