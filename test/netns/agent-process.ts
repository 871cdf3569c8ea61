// Runs in a network namespace and does what the test asks, one JSON object a line.
import { readFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { createServer, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import type { Answer, Ask } from './agent.ts';

/** A server in this namespace that cannot be reached in this time cannot be reached. */
const PATIENCE_MS = 5000;

function send(ask: Extract<Ask, { op: 'request' }>): Promise<Answer> {
  const { method, url, body, user, caFile } = ask;
  const headers = {
    ...(user === undefined ? {} : { Authorization: `Basic ${Buffer.from(user).toString('base64')}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
  const options = { method, headers, timeout: PATIENCE_MS, agent: false, ...ca };
  return new Promise((resolve) => {
    const request = (url.startsWith('https:') ? tlsRequest : plainRequest)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', (error) => resolve({ problem: error.message }));
    request.end(body);
  });
}

function serve({ address, port, text }: Extract<Ask, { op: 'serve' }>): Promise<Answer> {
  const server = createServer((_request, response) => response.end(text));
  return new Promise((resolve) => {
    server.on('error', (error) => resolve({ problem: error.message }));
    server.listen(port, address, () => resolve({ status: 0, text: '' }));
  });
}

async function lookUp({ server, name }: Extract<Ask, { op: 'resolve' }>): Promise<Answer> {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: 1 });
  resolver.setServers([server]);
  try {
    return { status: 0, text: (await resolver.resolve4(name)).join(' ') };
  } catch (error) {
    return { problem: String(error) };
  }
}

function answer(ask: Ask): Promise<Answer> {
  if (ask.op === 'request') return send(ask);
  return ask.op === 'serve' ? serve(ask) : lookUp(ask);
}

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Ask))}\n`);
}
process.exit(0);
