import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, dial, later, tcpBackend } from '../../test-kit.ts';
import type { Backend } from '../../test-kit.ts';
import { probe } from '../probe-kit.ts';

afterEach(cleanUp);

/** A server that greets, and answers each line by the first pattern that fits; it notes what it heard. */
async function scripted(
  greeting: string,
  answers: readonly (readonly [RegExp, string | (() => string)])[],
): Promise<Backend & { readonly heard: string[] }> {
  const heard: string[] = [];
  const backend = await tcpBackend((socket) => {
    socket.write(greeting);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        heard.push(line);
        const found = answers.find(([pattern]) => pattern.test(line))?.[1];
        const answer = typeof found === 'function' ? found() : found;
        if (answer !== undefined) socket.write(answer);
      }
    });
  });
  return { ...backend, heard };
}

const account = { settings: { username: 'u' }, password: 'pass word' };

describe('a monitor of a mail or news server', () => {
  it('of smtp says its domain', async () => {
    const server = await scripted('220-a\r\n220 b\r\n', [
      [/^HELO good$/, '250 welcome\r\n'],
      [/^HELO/, '550 no\r\n'],
    ]);
    expect(await probe(server.port, { type: 'smtp', settings: { domain: 'good' } })).toBe('success');
    expect(await probe(server.port, { type: 'smtp', settings: { domain: 'bad' } })).toBe('failure');
    expect(server.heard).toEqual(['HELO good', 'QUIT', 'HELO bad']);
  });

  it('of pop3 logs in', async () => {
    const server = await scripted('+OK\r\n', [
      [/^USER u$/, '+OK\r\n'],
      [/^PASS pass word$/, '+OK\r\n'],
      [/./, '-ERR\r\n'],
    ]);
    expect(await probe(server.port, { type: 'pop3', ...account })).toBe('success');
    expect(await probe(server.port, { type: 'pop3', ...account, password: 'x' })).toBe('failure');
  });

  it('of imap logs in and opens its folder', async () => {
    const server = await scripted('* OK\r\n', [
      [/^a1 LOGIN "u" "pass word"$/, '* CAPABILITY IMAP4\r\na1 OK\r\n'],
      [/^a2 SELECT "INBOX"$/, '* 1 EXISTS\r\na2 OK\r\n'],
      [/^a\d/, 'a2 NO\r\n'],
    ]);
    const imap = { type: 'imap', ...account };
    expect(await probe(server.port, { ...imap, settings: { ...account.settings, folder: 'INBOX' } })).toBe('success');
    expect(await probe(server.port, { ...imap, settings: { ...account.settings, folder: 'x' } })).toBe('failure');
  });

  it('of nntp logs in and asks for its newsgroup', async () => {
    const server = await scripted('200 hello\r\n', [
      [/^AUTHINFO USER u$/, '381 more\r\n'],
      [/^AUTHINFO PASS pass word$/, '281 ok\r\n'],
      [/^GROUP comp.good$/, '211 1 1 1 comp.good\r\n'],
      [/^GROUP/, '411 none\r\n'],
    ]);
    const nntp = (newsgroup: string) => ({ type: 'nntp', ...account, settings: { username: 'u', newsgroup } });
    expect(await probe(server.port, nntp('comp.good'))).toBe('success');
    expect(await probe(server.port, nntp('comp.bad'))).toBe('failure');
  });
});

describe('a monitor of an ftp server', () => {
  it('logs in', async () => {
    const server = await scripted('220 hello\r\n', [
      [/^USER u$/, '331 password\r\n'],
      [/^PASS pass word$/, '230 ok\r\n'],
      [/^PASS/, '530 no\r\n'],
    ]);
    expect(await probe(server.port, { type: 'ftp', ...account })).toBe('success');
    expect(await probe(server.port, { type: 'ftp', ...account, password: 'x' })).toBe('failure');
  });

  it('fetches its file over a connection of its own, by EPSV or PASV', async () => {
    const data = createServer((socket) => socket.end('content'));
    await new Promise<void>((resolve) => data.listen(0, '127.0.0.1', resolve));
    later(() => void data.close());
    const { port } = data.address() as AddressInfo;
    for (const [epsv, pasv] of [
      [`229 Entering (|||${port}|)\r\n`, '500 no\r\n'],
      ['500 no\r\n', `227 Entering (127,0,0,1,${port >> 8},${port & 255})\r\n`],
    ] as const) {
      const server = await scripted('220 hello\r\n', [
        [/^EPSV$/, epsv],
        [/^PASV$/, pasv],
        [/^RETR good$/, '150 here\r\n226 done\r\n'],
        [/^RETR/, '550 none\r\n'],
      ]);
      expect(await probe(server.port, { type: 'ftp', settings: { filename: 'good' } })).toBe('success');
      expect(await probe(server.port, { type: 'ftp', settings: { filename: 'bad' } })).toBe('failure');
    }
  });

  it('lets the server connect in mode port', async () => {
    let at = 0;
    const server: Awaited<ReturnType<typeof scripted>> = await scripted('220 hello\r\n', [
      [
        /^PORT/,
        () => {
          const [high, low] = server.heard.at(-1)!.split(',').slice(-2).map(Number);
          at = high! * 256 + low!;
          return '200 ok\r\n';
        },
      ],
      [
        /^RETR/,
        () => {
          dial(at, 'content').socket.end();
          return '150 here\r\n226 done\r\n';
        },
      ],
    ]);
    expect(await probe(server.port, { type: 'ftp', settings: { filename: 'f', mode: 'port' } })).toBe('success');
  });
});
