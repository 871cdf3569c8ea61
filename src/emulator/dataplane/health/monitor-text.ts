const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The bytes of a monitor's send string: `\r`, `\n`, `\t`, `\a`, `\b`, `\e`, `\f`, `\v`, `\xHH` and octal `\NNN` are
 * interpreted, a backslash before anything else is dropped (F5 article K4186).
 */
export function sendBytes(send: string): Buffer {
  const parts = send.split(/(\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\[\s\S])/);
  return Buffer.concat(
    parts.map((part) => (part.startsWith('\\') && part.length > 1 ? escaped(part) : Buffer.from(part))),
  );
}

function escaped(part: string): Buffer {
  const body = part.slice(1);
  if (body.length === 3 && body.startsWith('x')) return Buffer.from([Number.parseInt(body.slice(1), 16)]);
  if (body.length === 3) return Buffer.from([Number.parseInt(body, 8) & 0xff]);
  return Buffer.from(SIMPLE[body] ?? body);
}

/** A send string with Basic credentials after the first line of its HTTP/1 request; another one as it is. */
export function withAuthorization(send: string, name: string, password: string): string {
  const credentials = Buffer.from(`${name}:${password}`).toString('base64');
  return send.replace(/^(\S+ \S+ HTTP\/1\.\d)(?=\\r\\n|\\n|[\r\n]|$)/, `$1\\r\\nAuthorization: Basic ${credentials}`);
}

/**
 * The pattern of a receive string: a POSIX regular expression on the device, matched without regard to case; here
 * JavaScript's, with the POSIX classes (`[[:digit:]]`) translated. A text that is no expression is searched as it is.
 * Undefined if there is none.
 */
export function receivePattern(recv: string | undefined): RegExp | undefined {
  if (recv === undefined || recv === '' || recv === 'none') return undefined;
  const source = recv.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX_CLASSES[name] ?? whole);
  try {
    return new RegExp(source, 'i');
  } catch {
    return new RegExp(recv.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'i');
  }
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

/** What a monitor's `destination` overrides: `*:*` nothing, `*:80` the port, `10.0.0.1:80` both; IPv6 `2001:db8::1.80`. */
export interface DestinationOverride {
  readonly address?: string;
  readonly port?: number;
}

/** Reads a monitor's `destination`; `*` and 0 override nothing. Route domains are left out. */
export function parseOverride(destination: string | undefined): DestinationOverride {
  const match = /^(.*)[.:](\*|\d+|any)$/.exec(destination ?? '*:*');
  const address = (match?.[1] ?? destination ?? '*').replace(/%\d+$/, '');
  const port = Number(match?.[2] ?? '*');
  return {
    ...(address === '*' || address === '' ? {} : { address }),
    ...(Number.isInteger(port) && port > 0 ? { port } : {}),
  };
}
