import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** How a server answers. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of HTTP whose answer can be changed, and that notes what it was asked. */
export class Api {
  answer: Answer;
  readonly asked: IncomingMessage[] = [];
  readonly #server: Server;
  readonly #scheme: string;

  constructor(answer: Answer, tls?: { readonly key: string; readonly cert: string }) {
    this.answer = answer;
    const take = (request: IncomingMessage, response: ServerResponse): void => {
      this.asked.push(request);
      this.answer(request, response);
    };
    this.#server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    this.#scheme = tls === undefined ? 'http' : 'https';
  }

  static async start(answer: Answer, tls?: { readonly key: string; readonly cert: string }): Promise<Api> {
    const api = new Api(answer, tls);
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers with a document. */
export const json =
  (document: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));

/** Answers with a status. */
export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
