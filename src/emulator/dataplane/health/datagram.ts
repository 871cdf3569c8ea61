import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ProbeRequest, ProbeResult } from './probe.ts';

/**
 * Sends a datagram and looks at what comes back until `judge` says what it means; undefined: not that one. A host that
 * says that nobody listens is a failure, and so is whatever `judge` throws.
 */
export async function askByDatagram(
  { at, signal }: ProbeRequest,
  question: Buffer,
  judge: (answer: Buffer) => ProbeResult | undefined,
): Promise<ProbeResult> {
  if (signal.aborted) return 'failure';
  const socket = createSocket(isIPv6(at.address) ? 'udp6' : 'udp4');
  const result = await new Promise<ProbeResult>((resolve) => {
    signal.addEventListener('abort', () => resolve('failure'), { once: true });
    socket.on('error', () => resolve('failure'));
    socket.on('message', (bytes) => {
      try {
        const found = judge(bytes);
        if (found !== undefined) resolve(found);
      } catch {
        resolve('failure');
      }
    });
    socket.connect(at.port, at.address, (error?: Error) => {
      if (error !== undefined) resolve('failure');
      else if (!signal.aborted) socket.send(question);
    });
  });
  socket.close();
  return result;
}
