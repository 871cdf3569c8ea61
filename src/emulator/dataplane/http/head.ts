/**
 * HTTP/1 heads, read without loss: header lines keep their order, case and spacing, and unknown methods pass. Node's
 * own http.Server was not taken for this: it refuses methods that it does not know, joins or drops repeated headers
 * unless asked not to, and adds its own to every answer. A proxy needs only the head and the extent of the body.
 */

/** One header line; `name` in small letters, `raw` as it came (folded lines included). */
interface HeaderLine {
  readonly name: string;
  readonly value: string;
  readonly raw: string;
}

/** What requests and responses have in common. */
export interface Head {
  readonly startLine: string;
  readonly headers: readonly HeaderLine[];
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  readonly minor: number;
}

export interface RequestHead extends Head {
  readonly method: string;
  readonly target: string;
}

export interface ResponseHead extends Head {
  readonly status: number;
}

/** The peer does not speak HTTP/1, or goes beyond a limit. A BIG-IP resets such a connection. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
}

/** How long a head may be. */
export interface HeadLimits {
  /** Bytes, the blank line included. */
  readonly maxSize: number;
  readonly maxCount: number;
}

/**
 * Where the first head in `bytes` ends (the index after its blank line); undefined if it is not complete yet.
 * Lines may end in LF alone. Throws {@link HttpError} beyond `maxSize`.
 */
export function headEnd(bytes: Buffer, { maxSize }: HeadLimits): number | undefined {
  const text = bytes.toString('latin1', 0, maxSize + 1);
  const match = /\r?\n\r?\n/.exec(text);
  if (match !== null && match.index + match[0].length <= maxSize) return match.index + match[0].length;
  if (bytes.length > maxSize) throw new HttpError(`a head of more than ${maxSize} bytes`);
  return undefined;
}

/** Reads a request's head. Throws {@link HttpError} if it is none. */
export function parseRequest(bytes: Buffer, limits: HeadLimits): RequestHead {
  const { startLine, headers } = parseLines(bytes, limits);
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) (\S.*) HTTP\/1\.([01])$/.exec(startLine);
  if (match === null) throw new HttpError(`no HTTP/1 request line: '${startLine.slice(0, 80)}'`);
  return { startLine, headers, method: match[1] ?? '', target: match[2] ?? '', minor: Number(match[3]) };
}

/** Reads a response's head. Throws {@link HttpError} if it is none. */
export function parseResponse(bytes: Buffer, limits: HeadLimits): ResponseHead {
  const { startLine, headers } = parseLines(bytes, limits);
  const match = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/.exec(startLine);
  if (match === null) throw new HttpError(`no HTTP/1 status line: '${startLine.slice(0, 80)}'`);
  return { startLine, headers, status: Number(match[2]), minor: Number(match[1]) };
}

/** The head as bytes again. */
export function printHead({ startLine, headers }: Head): Buffer {
  const lines = [startLine, ...headers.map((one) => one.raw), '', ''];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

/** All values of a header, by its name in small letters. */
export function headerValues(head: Head, name: string): readonly string[] {
  return head.headers.filter((one) => one.name === name).map((one) => one.value);
}

/** Whether a list header (`Connection`, `Transfer-Encoding`) holds a word, whatever its case. */
export function headerHas(head: Head, name: string, word: string): boolean {
  return headerValues(head, name).some((value) =>
    value
      .toLowerCase()
      .split(',')
      .some((one) => one.trim() === word),
  );
}

/** The head with one more header line, at the end. */
export function withHeader<T extends Head>(head: T, name: string, value: string): T {
  return { ...head, headers: [...head.headers, { name: name.toLowerCase(), value, raw: `${name}: ${value}` }] };
}

/** The request with another target (`/path?query`); method and version stay. */
export function withTarget(head: RequestHead, target: string): RequestHead {
  return { ...head, target, startLine: `${head.method} ${target} HTTP/1.${head.minor}` };
}

/** The head without a header, whatever the case of its name. */
export function withoutHeader<T extends Head>(head: T, name: string): T {
  return { ...head, headers: head.headers.filter((one) => one.name !== name.toLowerCase()) };
}

function parseLines(bytes: Buffer, { maxCount }: HeadLimits): { startLine: string; headers: HeaderLine[] } {
  const [startLine = '', ...lines] = bytes
    .toString('latin1')
    .trimEnd()
    .split(/\r?\n(?![ \t])/);
  if (lines.length > maxCount) throw new HttpError(`more than ${maxCount} headers`);
  return { startLine, headers: lines.map((raw) => parseLine(raw)) };
}

function parseLine(raw: string): HeaderLine {
  const colon = raw.indexOf(':');
  if (colon < 1) throw new HttpError(`no header line: '${raw.slice(0, 80)}'`);
  return { name: raw.slice(0, colon).trim().toLowerCase(), value: raw.slice(colon + 1).trim(), raw };
}
