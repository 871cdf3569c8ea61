import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Answer, Link, Message } from './messages.ts';

/** The path under which emulators talk to each other. */
export const pairPath = '/emulator/pair';
/** The header that shows that the sender is in the trust domain. */
export const trustHeader = 'x-fairlead-trust';

/** How another process is reached. */
export interface Remote {
  readonly url: string;
  /** PEM of the certificates to trust; undefined: those of the system and of `NODE_EXTRA_CA_CERTS`. */
  readonly ca: readonly string[] | undefined;
  /** The secret of the trust domain. */
  readonly secret: () => string;
  /** Milliseconds until an answer to a heartbeat has to be there; to others 60 s. */
  readonly timeoutMs: number;
}

const longTimeout = 60_000;

/** `127.0.0.1:8443`, `https://host:8443`; plain HTTP on this machine only. Undefined for an address without a port. */
export function urlOf(address: string): string | undefined {
  const text = /^https?:\/\//v.test(address) ? address : `https://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (text !== address && !/:\d+$/v.test(address))) {
    return undefined;
  }
  const isHere = /^(?:127\.|localhost$|\[::1\]$)/v.test(url.hostname);
  return url.protocol === 'https:' || isHere ? url.origin : undefined;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerOf(status: number, text: string): Answer {
  if (status !== 200) {
    throw new Error(`it answers ${status}`);
  }
  return JSON.parse(text) as Answer;
}

/** The way to a device in another process, over HTTPS with its certificate checked. */
export function remoteLink({ url, ca, secret, timeoutMs }: Remote): Link {
  return {
    send: (message) => {
      const body = JSON.stringify(message);
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
      const timeout = message.type === 'hello' ? timeoutMs : longTimeout;
      const options = {
        method: 'POST',
        headers: { ...headers, [trustHeader]: secret() },
        signal: AbortSignal.timeout(timeout),
      };
      return new Promise((resolve, reject) => {
        const onResponse = (response: IncomingMessage): void => {
          textOf(response)
            .then((text) => resolve(answerOf(response.statusCode ?? 0, text)))
            .catch(reject);
        };
        const target = `${url}${pairPath}`;
        const request = url.startsWith('https:')
          ? requestTls(target, { ...options, ...(ca === undefined ? {} : { ca: [...ca] }) }, onResponse)
          : requestPlain(target, options, onResponse);
        request.on('error', reject);
        request.end(body);
      });
    },
  };
}

/** The end of a link within one process. */
export interface Receiver {
  receive(message: Message, back: Link): Answer | Promise<Answer>;
}

/** The way from one device to another one in the same process; `isUp` tells whether it works now. */
export function localLink(from: Receiver, to: Receiver, isUp: () => boolean): Link {
  return {
    send: async (message) => {
      if (!isUp()) {
        throw new Error('it cannot be reached');
      }
      return to.receive(message, localLink(to, from, isUp));
    },
  };
}
