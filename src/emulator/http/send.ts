import type { ServerResponse } from 'node:http';
import type { Reply } from './exchange.ts';

const common = {
  'Cache-Control': 'no-store, no-cache, must-revalidate',
  Expires: '-1',
  Pragma: 'no-cache',
  Server: 'Jetty(9.2.22.v20170606)',
};

const reasons: Readonly<Record<number, string>> = { 401: 'F5 Authorization Required' };

/** Sends a reply: objects as JSON, text as an Apache page, bytes as they are, nothing as an empty body (fact sheet 1.2, 4). */
export function send(response: ServerResponse, reply: Reply): void {
  const { status, body } = reply;
  if (body === undefined) {
    response.writeHead(status, { ...common, 'Content-Length': 0 });
    response.end();
    return;
  }
  if (typeof body === 'string') {
    const challenge = status === 401 ? { 'WWW-Authenticate': 'Basic realm="Enterprise Manager"' } : {};
    const headers = { Server: 'Apache', 'Content-Type': 'text/html; charset=iso-8859-1', ...challenge };
    const length = { 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(status, reasons[status], { ...headers, ...reply.headers, ...length });
    response.end(body);
    return;
  }
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { ...common, ...reply.headers, 'Content-Length': body.length });
    response.end(body);
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...common,
    'Content-Type': 'application/json; charset=UTF-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
