import { createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way to the device. */
export interface GateRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Counts the requests that change something or queue a change, commits and saves among them; from 1. 0: a read. */
  readonly write: number;
}

/**
 * What becomes of a request. `cut-…`: the connection ends before the device gets it, or after it was done and before the
 * answer. `hold-…`: the same, but the client is left waiting. `away`: the connection ends, as for all later ones.
 */
export type Fate = Canned | 'pass' | 'cut-before' | 'cut-after' | 'hold-before' | 'hold-after' | 'away';

/** An answer in place of the device's; it gets nothing. */
export interface Canned {
  readonly status: number;
  readonly body: string;
}

/** A relay between Fairlead and the emulator that ends or holds up connections where a test wants it. */
export class Gate {
  /** Decides about each request. */
  rule: (request: GateRequest) => Fate = () => 'pass';
  readonly seen: GateRequest[] = [];
  readonly #upstream: string;
  readonly #server: Server;
  #writes = 0;
  #held: ((request: GateRequest) => void) | undefined;
  url = '';

  constructor(upstream: string) {
    this.#upstream = upstream;
    // The emulator may end the connection, too.
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => request.socket.destroy());
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Starts to count writes anew, and lets everything pass. */
  reset(): void {
    this.rule = () => 'pass';
    this.#writes = 0;
    this.seen.length = 0;
  }

  /** Ends the connections that are open now: what is held gets no answer. */
  drop(): void {
    this.#server.closeAllConnections();
  }

  /** Resolves with the next request that is held. */
  nextHeld(): Promise<GateRequest> {
    return new Promise((resolve) => {
      this.#held = resolve;
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const request = this.#note(message, body.toString());
    const fate = this.rule(request);
    if (fate === 'cut-before' || fate === 'away') return void message.socket.destroy();
    if (fate === 'hold-before') return this.#held?.(request);
    if (typeof fate === 'object') return void response.writeHead(fate.status).end(fate.body);
    const answer = await this.#forward(message, body);
    if (fate === 'cut-after') return void message.socket.destroy();
    if (fate === 'hold-after') return this.#held?.(request);
    if (response.destroyed) return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #note(message: IncomingMessage, body: string): GateRequest {
    const { method = 'GET', url: path = '/' } = message;
    const isWrite = method !== 'GET' && path.startsWith('/mgmt/tm/');
    if (isWrite) this.#writes += 1;
    const request = { method, path, body, write: isWrite ? this.#writes : 0 };
    this.seen.push(request);
    return request;
  }

  #forward(
    message: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: object; body: Buffer } & Headed> {
    const { method = 'GET', headers, url = '/' } = message;
    return new Promise((resolve, reject) => {
      const sent = sendRequest(this.#upstream + url, { method, headers, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const { connection: _, 'transfer-encoding': __, ...kept } = answer.headers;
          resolve({ status: answer.statusCode ?? 0, headers: kept, body: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

interface Headed {
  readonly headers: Record<string, string | string[] | undefined>;
}
