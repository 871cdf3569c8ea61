import { createServer, isIPv6 } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { textSetting } from '../../settings.ts';
import { converse, need, Talk } from '../converse.ts';

import type { Probe, ProbeRequest, ProbeResult } from '../probe.ts';

/** The account that a monitor logs in with; undefined: it does not. */
function loginOf({ monitor }: ProbeRequest): { readonly name: string; readonly password: string } | undefined {
  const name = textSetting(monitor.settings, 'username');
  return name === undefined ? undefined : { name, password: monitor.password ?? '' };
}

/** The code of a reply of one or more lines (`220-…`, `220 …`). */
async function reply(talk: Talk): Promise<number> {
  for (;;) {
    const match = /^(\d{3})([ -]|$)/.exec(await talk.line());
    need(match !== null, 'no reply');
    if (match[2] !== '-') return Number(match[1]);
  }
}

async function command(talk: Talk, text: string): Promise<number> {
  await talk.send(`${text}\r\n`);
  return await reply(talk);
}

/** `smtp`: the greeting; with a `domain` also what the server says to it. */
export const probeSmtp: Probe = async (request) =>
  await converse(request, async (talk) => {
    need((await reply(talk)) === 220, 'no greeting');
    const domain = textSetting(request.monitor.settings, 'domain');
    if (domain !== undefined) need((await command(talk, `HELO ${domain}`)) === 250, 'no welcome');
    await talk.send('QUIT\r\n');
    return 'success';
  });

/** `pop3`: the greeting; with a `username` a login. */
export const probePop3: Probe = async (request) =>
  await converse(request, async (talk) => {
    const ok = async (): Promise<void> => need(/^\+OK\b/.test(await talk.line()), 'no +OK');
    await ok();
    const login = loginOf(request);
    for (const line of login === undefined ? [] : [`USER ${login.name}`, `PASS ${login.password}`]) {
      await talk.send(`${line}\r\n`);
      await ok();
    }
    await talk.send('QUIT\r\n');
    return 'success';
  });

/** `imap`: the greeting; with a `username` a login, and the `folder` is opened. */
export const probeImap: Probe = async (request) =>
  await converse(request, async (talk) => {
    need(/^\* (OK|PREAUTH)\b/i.test(await talk.line()), 'no greeting');
    const login = loginOf(request);
    if (login !== undefined) {
      const folder = textSetting(request.monitor.settings, 'folder') ?? 'INBOX';
      await tagged(talk, 'a1', `LOGIN ${quoted(login.name)} ${quoted(login.password)}`);
      await tagged(talk, 'a2', `SELECT ${quoted(folder)}`);
    }
    await talk.send('a3 LOGOUT\r\n');
    return 'success';
  });

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

async function tagged(talk: Talk, tag: string, text: string): Promise<void> {
  await talk.send(`${tag} ${text}\r\n`);
  for (;;) {
    const line = await talk.line();
    if (line.startsWith(`${tag} `)) return need(/^\S+ OK\b/i.test(line), 'refused');
  }
}

/** `nntp`: the greeting; with a `username` a login; with a `newsgroup` that is asked for. */
export const probeNntp: Probe = async (request) =>
  await converse(request, async (talk) => {
    need([200, 201].includes(await reply(talk)), 'no greeting');
    const login = loginOf(request);
    if (login !== undefined) {
      const code = await command(talk, `AUTHINFO USER ${login.name}`);
      const done = code === 381 ? await command(talk, `AUTHINFO PASS ${login.password}`) : code;
      need(done === 281, 'refused');
    }
    const group = textSetting(request.monitor.settings, 'newsgroup');
    if (group !== undefined) need((await command(talk, `GROUP ${group}`)) === 211, 'no such group');
    await talk.send('QUIT\r\n');
    return 'success';
  });

/** `ftp`: the greeting; with a `username` a login; with a `filename` that is fetched, by `mode` passive or port. */
export const probeFtp: Probe = async (request) =>
  await converse(request, async (talk) => {
    need((await reply(talk)) === 220, 'no greeting');
    const login = loginOf(request);
    if (login !== undefined) {
      const code = await command(talk, `USER ${login.name}`);
      need((code === 331 ? await command(talk, `PASS ${login.password}`) : code) === 230, 'refused');
    }
    const file = textSetting(request.monitor.settings, 'filename');
    if (file !== undefined) await fetchFile(request, talk, file);
    await talk.send('QUIT\r\n');
    return 'success';
  });

async function fetchFile(request: ProbeRequest, talk: Talk, file: string): Promise<void> {
  const data =
    textSetting(request.monitor.settings, 'mode') === 'port' ? await offer(request, talk) : passive(request, talk);
  const code = async (): Promise<void> =>
    need([125, 150].includes(await command(talk, `RETR ${file}`)), 'no such file');
  need((await data(code)) === 'success', 'no data connection');
  need([226, 250].includes(await reply(talk)), 'broken off');
}

/** A data connection: begins, lets the file be asked for, and reads it to its end. */
type DataConnection = (ask: () => Promise<void>) => Promise<ProbeResult>;

/** EPSV, which works for IPv6 too (RFC 2428), else PASV. */
function passive(request: ProbeRequest, talk: Talk): DataConnection {
  return async (ask) => {
    await talk.send('EPSV\r\n');
    let line = await talk.line();
    if (!line.startsWith('229')) {
      await talk.send('PASV\r\n');
      line = await talk.line();
    }
    const [, , high, low] = /(\d+,\d+,\d+,\d+),(\d+),(\d+)/.exec(line) ?? [];
    const port = Number(/\(\|\|\|(\d+)\|\)/.exec(line)?.[1] ?? Number(high) * 256 + Number(low));
    need(Number.isInteger(port), 'no data port');
    const at = { address: request.at.address, port };
    const read = async (data: Talk): Promise<ProbeResult> => {
      await ask();
      await drain(data);
      return 'success';
    };
    return await converse(request, read, { at });
  };
}

async function drain(data: Talk): Promise<void> {
  try {
    for (;;) await data.some();
  } catch {
    // It ended; whether in order says the server.
  }
}

/** The server connects to us. */
async function offer({ signal }: ProbeRequest, talk: Talk): Promise<DataConnection> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, talk.localAddress, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  const coming = new Promise<Socket | undefined>((resolve) => {
    server.once('connection', resolve);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return async (ask) => {
    try {
      const numbers = [...address.split('.'), port >> 8, port & 0xff].join(',');
      const line = isIPv6(address) ? `EPRT |2|${address}|${port}|` : `PORT ${numbers}`;
      need((await command(talk, line)) === 200, 'no data port');
      await ask();
      const socket = await coming;
      need(socket !== undefined, 'too late');
      const end = (): void => void socket.destroy();
      signal.addEventListener('abort', end, { once: true });
      await drain(new Talk(socket));
      end();
      return 'success';
    } finally {
      server.close();
    }
  };
}
