import { onSocket } from './probe-tcp.ts';
import type { ProbeRequest, ProbeResult } from './probe.ts';

/** How the first line of a server begins that is ready (RFC 959, 5321, 3501, 1939, 3977). */
const READY: Readonly<Record<string, RegExp>> = {
  ftp: /^220[ -]/,
  smtp: /^220[ -]/,
  imap: /^\* (OK|PREAUTH)\b/i,
  pop3: /^\+OK\b/,
  nntp: /^20[01] /,
};

/** No greeting's first line is as long as this, in bytes. */
const LONGEST_LINE = 4096;

/**
 * Monitors `ftp`, `smtp`, `imap`, `pop3`, `nntp`: the server speaks first, and its first line must say that it is ready
 * (K). The device goes on to log in and to fetch a file, folder or newsgroup where the monitor names one; this does not.
 */
export async function probeGreeting(request: ProbeRequest): Promise<ProbeResult> {
  const ready = READY[request.monitor.type];
  return await onSocket(request, (socket, done) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\n')) done(ready?.test(text) === true ? 'success' : 'failure');
      else if (text.length > LONGEST_LINE) done('failure');
    });
    socket.on('end', () => done('failure'));
    socket.on('error', () => done('failure'));
  });
}
