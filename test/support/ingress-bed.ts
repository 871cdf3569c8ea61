import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createDataPlane } from '../../src/emulator/dataplane/index.ts';
import { type Emulator, startEmulator } from '../../src/emulator/index.ts';
import { later, PASSWORD } from './e2e.ts';

/** What came back for one request. */
export interface Answer {
  /** 0: no answer. */
  readonly status: number;
  /** The pod that answered, or the error's code. */
  readonly who: string;
  /** What the pod saw. */
  readonly seen: { readonly url?: string; readonly headers?: IncomingHttpHeaders };
  readonly headers: IncomingHttpHeaders;
  /** The names in the certificate that was shown. */
  readonly certificate?: string;
}

/** What to ask for. */
export interface Question {
  /** The virtual server: `/k/Ingress_10.1.10.50_80`. */
  readonly virtual: string;
  readonly host: string;
  readonly path?: string;
  /** Over TLS, with this server name (empty: none). */
  readonly serverName?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of a POST, in chunks; left out: a GET. */
  readonly body?: readonly string[];
}

/** Pods by address, each a small server that says its name and what it was asked. */
export class NamedPods {
  readonly #servers = new Map<string, Server>();

  /** Starts a pod; port 8080 of its address leads to it. */
  async start(address: string, name: string): Promise<void> {
    const server = createServer((request, response) => {
      const { url, headers } = request;
      response.setHeader('x-pod', name);
      request.resume().on('end', () => response.end(JSON.stringify({ url, headers })));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    this.#servers.set(address, server);
  }

  reach = (member: { readonly address: string }): { address: string; port: number } => {
    const at = this.#servers.get(member.address)?.address() as AddressInfo | undefined;
    return { address: '127.0.0.1', port: at?.port ?? 9 };
  };

  async close(): Promise<void> {
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  }
}

/**
 * An emulator with a data plane in front of pods. Its time is not scaled: on a busy machine a connection to a pod may take
 * longer than a scaled device would wait for it.
 */
export async function startPods(tmos = '17.1'): Promise<{ readonly emulator: Emulator; readonly pods: NamedPods }> {
  const pods = new NamedPods();
  later(() => pods.close());
  const emulator = await startEmulator({
    tmos,
    users: [{ name: 'admin', password: PASSWORD }],
    dataPlane: () => createDataPlane({ map: 'always', reach: pods.reach }),
  });
  later(() => emulator.close());
  return { emulator, pods };
}

/** Sends one request on a connection of its own. Never rejects. */
export async function ask(emulator: Emulator, question: Question): Promise<Answer> {
  await emulator.dataPlane?.settled();
  const listener = emulator.listeners().find(({ virtual }) => virtual === question.virtual);
  const { address, port } = listener ?? {};
  if (port === undefined) return { status: 0, who: `nothing listens for ${question.virtual}`, seen: {}, headers: {} };
  return askAt({ address: address ?? '', port }, question);
}

/** The same, where the place is known: nothing is awaited before it is sent. */
export function askAt(at: { readonly address: string; readonly port: number }, question: Question): Promise<Answer> {
  const { host, path = '/', serverName, headers = {}, body } = question;
  const method = body === undefined ? 'GET' : 'POST';
  const options = {
    method,
    host: at.address,
    port: at.port,
    path,
    agent: false,
    timeout: 5000,
    headers: { ...headers, host },
  };
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      resolve({ status: 0, who: (error as NodeJS.ErrnoException).code ?? error.message, seen: {}, headers: {} });
    };
    const sent =
      serverName === undefined
        ? httpRequest(options)
        : httpsRequest({ ...options, servername: serverName, rejectUnauthorized: false });
    sent.on('timeout', () => sent.destroy(new Error('no answer in 5 s')));
    sent.on('error', fail);
    sent.on('response', (response) => {
      const shown = serverName === undefined ? undefined : (response.socket as TLSSocket).getPeerCertificate();
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          who: String(response.headers['x-pod'] ?? ''),
          seen: text.startsWith('{') ? (JSON.parse(text) as Answer['seen']) : {},
          headers: response.headers,
          ...(shown === undefined ? {} : { certificate: shown.subjectaltname ?? `CN=${String(shown.subject?.CN)}` }),
        });
      });
    });
    for (const chunk of body ?? []) sent.write(chunk);
    sent.end();
  });
}
