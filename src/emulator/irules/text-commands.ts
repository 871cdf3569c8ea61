import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Command } from '../tcl/index.ts';

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function hash(name: string): Command {
  return ([text = '']) => createHash(name).update(bytes(text)).digest().toString('latin1');
}

/** `substr text skip ?count or end text?`. */
const substr: Command = ([text = '', skip = '0', stop]) => {
  const from = text.slice(Number(skip));
  if (stop === undefined) return from;
  if (/^\d+$/v.test(stop)) return from.slice(0, Number(stop));
  const end = from.indexOf(stop);
  return end < 0 ? from : from.slice(0, end);
};

/** `findstr text search ?skip? ?end?`. */
const findstr: Command = ([text = '', search = '', skip = '0', ...stop]) => {
  const at = text.indexOf(search);
  return at < 0 ? '' : substr([text.slice(at), skip, ...stop], undefined as never);
};

/** Commands on texts that iRules have beside those of Tcl. */
export const textCommands: Readonly<Record<string, Command>> = {
  b64encode: ([text = '']) => bytes(text).toString('base64'),
  b64decode: ([text = '']) => Buffer.from(text, 'base64').toString('latin1'),
  md5: hash('md5'),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
  sha512: hash('sha512'),
  crc32: ([text = '']) => String(crc32(bytes(text))),
  substr,
  findstr,
  getfield: ([text = '', separator = ' ', number = '1']) => text.split(separator)[Number(number) - 1] ?? '',
  domain: ([name = '', count = '1']) => name.split('.').slice(-Number(count)).join('.'),
};
