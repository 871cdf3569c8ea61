import { randomBytes } from 'node:crypto';
import { textSetting } from '../../settings.ts';
import type { Settings } from '../../settings.ts';
import { converse } from '../converse.ts';
import { askByDatagram } from '../datagram.ts';
import { sendBytes } from '../monitor-text.ts';
import type { Probe, ProbeRequest, ProbeResult } from '../probe.ts';
import { monitorTls } from '../monitor-tls.ts';

const MODES: Readonly<Record<string, string>> = { udp: 'UDP', tcp: 'TCP', tls: 'TLS', sips: 'TLS' };

/** What is asked: the monitor's `request` and `headers`, else OPTIONS (RFC 3261 11). */
function question({ monitor, at }: ProbeRequest, mode: string): Buffer {
  const { settings } = monitor;
  const own = textSetting(settings, 'request');
  const scheme = mode === 'sips' ? 'sips' : 'sip';
  const host = at.address.includes(':') ? `[${at.address}]` : at.address;
  const id = randomBytes(8).toString('hex');
  const headers = textSetting(settings, 'headers');
  const lines = [
    ...(own === undefined ? [`OPTIONS ${scheme}:monitor@${host}:${at.port} SIP/2.0`] : [sendBytes(own).toString()]),
    `Via: SIP/2.0/${MODES[mode] ?? 'UDP'} ${host};branch=z9hG4bK${id}`,
    `From: <${scheme}:monitor@${host}>;tag=${id}`,
    `To: <${scheme}:monitor@${host}>`,
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    ...(headers === undefined ? [] : [sendBytes(headers).toString().trimEnd()]),
    'Content-Length: 0',
    '',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

/** Whether a list of codes (`200 404`, `any`, `none`) holds one. */
function holds(settings: Settings | undefined, name: string, code: string): boolean {
  const list = (textSetting(settings, name) ?? '').split(/[\s,]+/);
  return list.includes('any') || list.includes('*') || list.includes(code);
}

/** `filterNeg` goes before `filter`; 200 is always good. Interim answers (100 to 199) are no answer yet. */
function judge(answer: string, settings: Settings | undefined): ProbeResult | undefined {
  const code = /^SIP\/2\.0 (\d{3})/.exec(answer)?.[1];
  if (code === undefined) return 'failure';
  if (code.startsWith('1')) return undefined;
  if (code === '200') return 'success';
  if (holds(settings, 'filterNeg', code)) return 'failure';
  return holds(settings, 'filter', code) ? 'success' : 'failure';
}

/** `sip`: OPTIONS over UDP, TCP or TLS; up by the code of the answer. */
export const probeSip: Probe = async (request) => {
  const { settings } = request.monitor;
  const mode = textSetting(settings, 'mode') ?? 'udp';
  const asked = question(request, mode);
  if (mode === 'udp') return await askByDatagram(request, asked, (answer) => judge(answer.toString(), settings));
  const tls = mode === 'tcp' ? undefined : monitorTls(request.monitor);
  return await converse(
    request,
    async (talk) => {
      await talk.send(asked);
      for (let line = await talk.line(); ; line = await talk.line()) {
        const found = line.startsWith('SIP/') ? judge(line, settings) : undefined;
        if (found !== undefined) return found;
      }
    },
    { tls },
  );
};
