import type { Json } from '../request.ts';
import type { Answer } from './io.ts';

/** What came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Reads an answer of any of the four shapes (icrd, restjavad, Jetty, Apache). Never fails. */
export function readAnswer({ status, text }: RawAnswer): Answer {
  const body = parseObject(text);
  if (body !== undefined) {
    const message = typeof body['message'] === 'string' ? body['message'] : '';
    return { status, body, message: status < 300 ? '' : message || `(no message, HTTP ${status})` };
  }
  if (status < 300 && text.trim() === '') return { status, body, message: '' };
  return { status, body, message: plainWords(text) || `(no message, HTTP ${status})` };
}

/** Whether it is an HTML page or other text, not JSON and not empty: Apache or Jetty speaking, not iControl REST. */
export function isPage(answer: Answer): boolean {
  return answer.body === undefined && answer.message !== '' && !answer.message.startsWith('(no message');
}

/** The first line of a message, short enough for a log. */
export function headline(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function parseObject(text: string): Json | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The title of an HTML page; for other text the text itself. */
function plainWords(text: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  if (title !== undefined && title.trim() !== '') return decodeEntities(title).trim();
  const bare = /<[a-z!/]/i.test(text) ? text.replaceAll(/<[^>]*>/g, ' ') : text;
  return decodeEntities(bare).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&reg;': '®',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
};

function decodeEntities(text: string): string {
  return text.replaceAll(/&(reg|lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
