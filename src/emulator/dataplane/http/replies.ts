import { STATUS_CODES } from 'node:http';
import { textSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** An answer that the virtual server gives itself. */
export interface OwnReply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** Whether an answer says itself that the connection ends with it. */
export function endsConnection({ headers }: OwnReply): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === 'connection' && value.toLowerCase() === 'close');
}

/**
 * What a BIG-IP answers by itself, in the form of `HTTP::redirect` and `HTTP::respond`, with the profile's
 * `serverAgentName`.
 * @param keep the connection goes on.
 */
export function printReply(reply: OwnReply, settings: Settings | undefined, keep: boolean): Buffer {
  const { status, headers, body = '' } = reply;
  const server = textSetting(settings, 'serverAgentName');
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const content = Buffer.from(body, 'latin1');
  const lines = [
    `HTTP/1.0 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    ...headers.map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}`),
    ...(server === undefined || given.has('server') ? [] : [`Server: ${server}`]),
    ...(given.has('connection') ? [] : [`Connection: ${keep ? 'Keep-Alive' : 'close'}`]),
    `Content-Length: ${content.length}`,
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), content]);
}
