import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { AnswerJudge } from './judge.ts';
import { sendBytes } from './monitor-text.ts';
import type { ProbeRequest, ProbeResult } from './probe.ts';

/** How long an ICMP "port unreachable" may take; silence after that counts as up when no answer is asked for. */
const SILENCE_SECONDS = 1;
const SHORTEST_SILENCE_MS = 20;

/**
 * Monitor `udp`: the member is down if its host says that nobody listens (ICMP port unreachable), or if `recv` is set
 * and not found; silence alone is no reason.
 */
export async function probeUdp(request: ProbeRequest): Promise<ProbeResult> {
  const { monitor, at, msPerSecond, signal } = request;
  if (signal.aborted) return 'failure';
  const judge = new AnswerJudge(monitor);
  const socket = createSocket(isIPv6(at.address) ? 'udp6' : 'udp4');
  let silence: NodeJS.Timeout | undefined;
  const result = await new Promise<ProbeResult>((resolve) => {
    signal.addEventListener('abort', () => resolve('failure'), { once: true });
    socket.on('error', () => resolve('failure'));
    socket.on('message', (bytes) => {
      const found = judge.add(bytes);
      if (found !== undefined) resolve(found);
      else if (monitor.reverse === true) resolve(judge.end());
    });
    socket.connect(at.port, at.address, (error?: Error) => {
      if (error !== undefined || signal.aborted) return resolve('failure');
      socket.send(sendBytes(monitor.send ?? 'default send string'));
      if (judge.wantsAnswer) return;
      const wait = Math.min(SILENCE_SECONDS, monitor.interval) * msPerSecond;
      silence = setTimeout(() => resolve('success'), Math.max(SHORTEST_SILENCE_MS, wait));
    });
  });
  clearTimeout(silence);
  socket.close();
  return result;
}
