import { ber } from '../ber.ts';
import { need } from '../converse.ts';

/** Tags of a filter (RFC 4511 4.5.1.7). */
const AND = 0xa0;
const OR = 0xa1;
const NOT = 0xa2;
const EQUAL = 0xa3;
const SUBSTRINGS = 0xa4;
const AT_LEAST = 0xa5;
const AT_MOST = 0xa6;
const PRESENT = 0x87;
const ABOUT = 0xa8;

/**
 * A search filter (RFC 4515) as LDAP sends it: `(&(objectClass=person)(!(uid=a*)))`; the outer parentheses may be left
 * out. Extensible matches are not read.
 * @throws {ProbeFailure} on a text that is no filter.
 */
export function ldapFilter(text: string): Buffer {
  const whole = text.startsWith('(') ? text : `(${text})`;
  const { bytes, end } = filterAt(whole, 0);
  need(end === whole.length, 'no filter');
  return bytes;
}

interface Read {
  readonly bytes: Buffer;
  readonly end: number;
}

function filterAt(text: string, start: number): Read {
  need(text[start] === '(', 'no filter');
  const sign = text[start + 1] ?? '';
  if ('&|!'.includes(sign) && sign !== '') {
    const parts: Buffer[] = [];
    let at = start + 2;
    while (text[at] === '(') {
      const part = filterAt(text, at);
      parts.push(part.bytes);
      at = part.end;
    }
    need(text[at] === ')' && (sign !== '!' || parts.length === 1), 'no filter');
    return { bytes: ber(sign === '&' ? AND : sign === '|' ? OR : NOT, ...parts), end: at + 1 };
  }
  const close = text.indexOf(')', start);
  need(close !== -1, 'no filter');
  return { bytes: condition(text.slice(start + 1, close)), end: close + 1 };
}

const COMPARISONS: Readonly<Record<string, number>> = { '=': EQUAL, '>=': AT_LEAST, '<=': AT_MOST, '~=': ABOUT };

function condition(text: string): Buffer {
  const match = /^([\w.;-]+)(=|>=|<=|~=)([^]*)$/.exec(text);
  need(match !== null, 'no filter');
  const [, name = '', sign = '', value = ''] = match;
  if (sign === '=' && value === '*') return ber(PRESENT, name);
  if (sign !== '=' || !value.includes('*'))
    return ber(COMPARISONS[sign] ?? EQUAL, octets(name), ber(0x04, plain(value)));
  const pieces = value.split('*');
  const parts = pieces.flatMap((piece, index) => {
    const tag = index === 0 ? 0x80 : index === pieces.length - 1 ? 0x82 : 0x81;
    return piece === '' ? [] : [ber(tag, plain(piece))];
  });
  return ber(SUBSTRINGS, octets(name), ber(0x30, ...parts));
}

function octets(text: string): Buffer {
  return ber(0x04, text);
}

/** `\2a` stands for a byte. */
function plain(text: string): Buffer {
  const parts = text.split(/(\\[0-9a-fA-F]{2})/);
  return Buffer.concat(
    parts.map((part) => (/^\\[0-9a-fA-F]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  );
}
