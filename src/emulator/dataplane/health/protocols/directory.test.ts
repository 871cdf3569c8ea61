import { createHash, createHmac } from 'node:crypto';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { MonitorConfig } from '../../model.ts';
import { cleanUp, later, tcpBackend, TEST_CERTIFICATE } from '../../test-kit.ts';
import { ber, berInteger, berOid, readBer, readInteger } from '../ber.ts';
import { probe, udpServer } from '../probe-kit.ts';
import { ldapFilter } from './ldap-filter.ts';
import { dynamicRatioOf } from './snmp-dca.ts';

afterEach(cleanUp);

describe('BER', () => {
  it('writes lengths, numbers and object identifiers as X.690 has them', () => {
    expect(berInteger(127).toString('hex')).toBe('02017f');
    expect(berInteger(128).toString('hex')).toBe('02020080');
    expect(berInteger(256).toString('hex')).toBe('02020100');
    expect(berOid('1.3.6.1.4.1.2021').toString('hex')).toBe('06072b060104018f65');
    expect(ber(4, 'a'.repeat(200)).subarray(0, 3).toString('hex')).toBe('0481c8');
    expect(ber(4, 'a'.repeat(300)).subarray(0, 4).toString('hex')).toBe('0482012c');
    expect(readBer(ber(4, 'a'.repeat(300)))[0]?.content.length).toBe(300);
    expect(() => readBer(Buffer.from('0405', 'hex'))).toThrow(RangeError);
  });
});

describe('a filter of LDAP', () => {
  it.each([
    ['(objectClass=*)', '870b6f626a656374436c617373'],
    ['uid=a', 'a3080403756964040161'],
    ['(&(a=1)(!(b>=2)))', 'a012a306040161040131a208a506040162040132'],
    ['(|(a<=1)(b~=2))', 'a110a606040161040131a806040162040132'],
    ['(a=x*y*z)', 'a40e0401613009800178810179820 17a'.replace(' ', '')],
    ['(a=*y)', 'a408040161300382 0179'.replace(' ', '')],
    [String.raw`(a=\2a)`, 'a30604016104012a'],
  ])('%s is what RFC 4511 says', (text, expected) => {
    expect(ldapFilter(text).toString('hex')).toBe(expected);
  });

  it.each(['(', '(a)', '(a=1', '(&(a=1)', '(a=1))', '(!(a=1)(b=2))'])('%s is none', (text) => {
    expect(() => ldapFilter(text)).toThrow('no filter');
  });
});

describe('an ldap monitor', () => {
  /** A directory with one entry below `dc=x`; it takes `cn=u` with `p`, and nobody. */
  function serveDirectory(socket: Socket, attributes = true): void {
    socket.on('data', (chunk: Buffer) => {
      for (const { content } of readBer(chunk)) {
        const [id, operation] = readBer(content);
        const number = readInteger(id!);
        const reply = (tag: number, ...parts: readonly Buffer[]): void =>
          void socket.write(ber(0x30, berInteger(number), ber(tag, ...parts)));
        const result = (code: number): readonly Buffer[] => [berInteger(code, 0x0a), ber(4), ber(4)];
        if (operation?.tag === 0x60) {
          const [, name, password] = readBer(operation.content).map((part) => part.content.toString());
          const isKnown = (name === '' && password === '') || (name === 'cn=u' && password === 'p');
          reply(0x61, ...result(isKnown ? 0 : 49));
        } else if (operation?.tag === 0x63) {
          const base = readBer(operation.content)[0]?.content.toString();
          const list = attributes ? [ber(0x30, ber(4, 'cn'), ber(0x31, ber(4, 'a')))] : [];
          if (base === 'dc=x') reply(0x64, ber(4, 'cn=a,dc=x'), ber(0x30, ...list));
          reply(0x65, ...result(base === 'dc=y' ? 32 : 0));
        } else if (operation?.tag === 0x77) {
          reply(0x78, ...result(0));
        }
      }
    });
  }

  const ldap = (settings: Record<string, unknown>, password = 'p'): Partial<MonitorConfig> => ({
    type: 'ldap',
    settings,
    password,
  });

  it('binds as nobody or as its user', async () => {
    const { port } = await tcpBackend((socket) => serveDirectory(socket));
    expect(await probe(port, ldap({}))).toBe('success');
    expect(await probe(port, ldap({ username: 'cn=u' }))).toBe('success');
    expect(await probe(port, ldap({ username: 'cn=u' }, 'wrong'))).toBe('failure');
    const other = await tcpBackend((socket) => socket.end('220 hello\r\n'));
    expect(await probe(other.port, ldap({}))).toBe('failure');
  });

  it('wants an entry below its base, with attributes if they are mandatory', async () => {
    const { port } = await tcpBackend((socket) => serveDirectory(socket));
    const bare = await tcpBackend((socket) => serveDirectory(socket, false));
    expect(await probe(port, ldap({ base: 'dc=x', filter: 'cn=a', mandatoryAttributes: 'yes' }))).toBe('success');
    expect(await probe(bare.port, ldap({ base: 'dc=x' }))).toBe('success');
    expect(await probe(bare.port, ldap({ base: 'dc=x', mandatoryAttributes: 'yes' }))).toBe('failure');
    expect(await probe(port, ldap({ base: 'dc=z' }))).toBe('failure');
    expect(await probe(port, ldap({ base: 'dc=y' }))).toBe('failure');
  });

  it('speaks TLS from the start or from StartTLS on', async () => {
    const secure = createTlsServer(TEST_CERTIFICATE, (socket) => serveDirectory(socket));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    later(() => void secure.close());
    expect(await probe((secure.address() as AddressInfo).port, ldap({ security: 'ssl' }))).toBe('success');
    const { port } = await tcpBackend((socket) => {
      socket.once('data', (chunk: Buffer) => {
        const [id] = readBer(readBer(chunk)[0]!.content);
        const done = ber(0x78, berInteger(0, 0x0a), ber(4), ber(4));
        socket.write(ber(0x30, berInteger(readInteger(id!)), done));
        secure.emit('connection', socket);
      });
    });
    expect(await probe(port, ldap({ security: 'tls', base: 'dc=x' }))).toBe('success');
  });
});

describe('a radius monitor', () => {
  const md5 = (...parts: readonly (Buffer | string)[]): Buffer => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };

  function attributes(packet: Buffer): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    for (let at = 20; at < packet.length; at += packet[at + 1]!) {
      found.set(packet[at]!, packet.subarray(at + 2, at + packet[at + 1]!));
    }
    return found;
  }

  function answer(code: number, question: Buffer, secret: string): Buffer {
    const head = Buffer.from([code, question[1]!, 0, 20]);
    return Buffer.concat([head, md5(head, question.subarray(4, 20), secret)]);
  }

  const radius = { type: 'radius', settings: { username: 'u', nasIpAddress: '10.0.0.1' }, secret: 'shared' };

  it('is up when the server accepts its password, hidden by the shared secret', async () => {
    const port = await udpServer((question) => {
      const given = attributes(question);
      const mask = md5('shared', question.subarray(4, 20));
      const password = Buffer.from(given.get(2)!.map((byte, index) => byte ^ mask[index]!)).toString();
      expect([given.get(1)!.toString(), [...given.get(4)!]]).toEqual(['u', [10, 0, 0, 1]]);
      const blank = Buffer.from(question);
      blank.fill(0, 22, 38);
      expect(given.get(80)).toEqual(createHmac('md5', 'shared').update(blank).digest());
      return answer(password.startsWith('p\0') ? 2 : 3, question, 'shared');
    });
    expect(await probe(port, { ...radius, password: 'p' })).toBe('success');
    expect(await probe(port, { ...radius, password: 'wrong' })).toBe('failure');
  });

  it('does not believe a server that does not know the secret', async () => {
    const port = await udpServer((question) => answer(2, question, 'other'));
    expect(await probe(port, { ...radius, password: 'p' }, 50)).toBe('failure');
  });

  it('of accounting is up when the start of a session is taken', async () => {
    const port = await udpServer((question) => {
      const blank = Buffer.from(question);
      blank.fill(0, 4, 20);
      const isGenuine = question.subarray(4, 20).equals(md5(blank, 'shared'));
      return isGenuine && attributes(question).get(40)?.readUInt32BE(0) === 1
        ? answer(5, question, 'shared')
        : undefined;
    });
    expect(await probe(port, { ...radius, type: 'radius-accounting' })).toBe('success');
    expect(await probe(port, { ...radius, type: 'radius-accounting', secret: 'other' }, 50)).toBe('failure');
  });
});

describe('an snmp-dca monitor', () => {
  it('makes a ratio of what CPU, memory and disk have left below their thresholds', () => {
    expect(dynamicRatioOf({ cpu: 0, memory: 0, disk: 0 }, {})).toBe(100);
    expect(dynamicRatioOf({ cpu: 80, memory: 70, disk: 95 }, {})).toBe(1);
    expect(dynamicRatioOf({ cpu: 40, memory: undefined, disk: undefined }, {})).toBe(50);
    const weighed = { cpuCoefficient: '1', memoryCoefficient: '3', diskCoefficient: '0' };
    expect(dynamicRatioOf({ cpu: 0, memory: 35, disk: 0 }, weighed)).toBe(63);
  });

  it('reads them by SNMP', async () => {
    const port = await udpServer((question) => {
      const [version, community, pdu] = readBer(readBer(question)[0]!.content);
      const [id, , , list] = readBer(pdu!.content);
      expect([readInteger(version!), community!.content.toString()]).toEqual([1, 'private']);
      const values = [berInteger(60), berInteger(1000, 0x42), berInteger(1000), ber(0x80)];
      const pairs = readBer(list!.content).map(({ content }, index) => {
        const [oid] = readBer(content);
        return ber(0x30, ber(6, oid!.content), values[index]!);
      });
      const answer = ber(0xa2, berInteger(readInteger(id!)), berInteger(0), berInteger(0), ber(0x30, ...pairs));
      return ber(0x30, berInteger(1), ber(4, 'private'), answer);
    });
    const monitor = { type: 'snmp-dca', destination: '*:*', settings: { version: 'v2c', community: 'private' } };
    // CPU 40 of 80 used, memory none of 70, the disk is not known: (0.5 * 1.5 + 1 * 1) / 2.5.
    expect(await probe(port, monitor)).toEqual({ dynamicRatio: 70 });
  });
});
