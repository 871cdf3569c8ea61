import { textSetting } from '../../settings.ts';
import { ber, berInteger, berLength, readBer, readInteger } from '../ber.ts';
import type { BerValue } from '../ber.ts';
import { converse, need } from '../converse.ts';
import type { Talk } from '../converse.ts';
import type { Probe } from '../probe.ts';
import { ldapFilter } from './ldap-filter.ts';

/** Tags of the operations (RFC 4511), and the codes of their results. */
const BIND = 0x60;
const SEARCH = 0x63;
const ENTRY = 0x64;
const DONE = 0x65;
const REFERENCE = 0x73;
const EXTENDED = 0x77;
const UNBIND = 0x42;
const SUCCESS = 0;
const TOO_MANY = 4;

const START_TLS = '1.3.6.1.4.1.1466.20037';

/** No entry that a monitor looks for is longer, in bytes. */
const LONGEST_MESSAGE = 0x100_0000;

/** Messages of one connection, in turn. */
class Directory {
  readonly #talk: Talk;
  #id = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  async send(operation: Buffer): Promise<void> {
    this.#id += 1;
    await this.#talk.send(ber(0x30, berInteger(this.#id), operation));
  }

  /** The operation of the next message. */
  async read(): Promise<BerValue> {
    for (;;) {
      const length = berLength(this.#rest);
      need((length ?? 0) <= LONGEST_MESSAGE, 'a message that is too long');
      if (length !== undefined && this.#rest.length >= length) {
        const [message] = readBer(this.#rest.subarray(0, length));
        this.#rest = this.#rest.subarray(length);
        const [, operation] = readBer(message?.content ?? Buffer.alloc(0));
        need(operation !== undefined, 'no message');
        return operation;
      }
      this.#rest = Buffer.concat([this.#rest, await this.#talk.some()]);
    }
  }
}

/** The result code of an answer. */
function resultOf({ content }: BerValue): number {
  const [code] = readBer(content);
  need(code !== undefined, 'no result');
  return readInteger(code);
}

async function bind(directory: Directory, name: string, password: string): Promise<void> {
  await directory.send(ber(BIND, berInteger(3), ber(0x04, name), ber(0x80, password)));
  need(resultOf(await directory.read()) === SUCCESS, 'refused');
}

/** The first entry below `base` that fits, if there is one. */
async function search(directory: Directory, base: string, filter: string): Promise<BerValue | undefined> {
  const [subtree, never, one, noLimit] = [2, 0, 1, 0];
  await directory.send(
    ber(
      SEARCH,
      ber(0x04, base),
      berInteger(subtree, 0x0a),
      berInteger(never, 0x0a),
      berInteger(one),
      berInteger(noLimit),
      ber(0x01, Buffer.from([0])),
      ldapFilter(filter),
      ber(0x30),
    ),
  );
  let found: BerValue | undefined;
  for (;;) {
    const answer = await directory.read();
    if (answer.tag === ENTRY) found ??= answer;
    else if (answer.tag !== REFERENCE) {
      need(answer.tag === DONE && [SUCCESS, TOO_MANY].includes(resultOf(answer)), 'the search failed');
      return found;
    }
  }
}

/** Whether an entry has attributes. */
function hasAttributes({ content }: BerValue): boolean {
  return (readBer(content)[1]?.content.length ?? 0) > 0;
}

/**
 * `ldap`: a simple bind, as `username` or as nobody; with a `base` a search below it, which must find an entry, one with
 * attributes for `mandatoryAttributes`. `security`: `ssl` from the start, `tls` by StartTLS. Referrals are not followed.
 */
export const probeLdap: Probe = async (request) => {
  const { settings, password = '' } = request.monitor;
  const security = textSetting(settings, 'security');
  const tls = security === 'ssl' ? {} : undefined;
  return await converse(
    request,
    async (talk) => {
      if (security === 'tls') {
        const plain = new Directory(talk);
        await plain.send(ber(EXTENDED, ber(0x80, START_TLS)));
        need(resultOf(await plain.read()) === SUCCESS, 'no TLS');
        await talk.secure();
      }
      const directory = new Directory(talk);
      const user = textSetting(settings, 'username');
      await bind(directory, user ?? '', user === undefined ? '' : password);
      const base = textSetting(settings, 'base');
      if (base !== undefined) {
        const entry = await search(directory, base, textSetting(settings, 'filter') ?? '(objectClass=*)');
        need(entry !== undefined, 'nothing found');
        if (textSetting(settings, 'mandatoryAttributes') === 'yes') need(hasAttributes(entry), 'no attributes');
      }
      await directory.send(ber(UNBIND));
      return 'success';
    },
    { tls },
  );
};
