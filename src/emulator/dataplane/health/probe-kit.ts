import { createSocket } from 'node:dgram';
import { ber, berInteger, readBer, readInteger } from './ber.ts';
import type { MonitorConfig } from '../model.ts';
import { later } from '../test-kit.ts';
import { probeFor } from './probe.ts';
import type { ProbeResult } from './probe.ts';

/** Helpers for tests of probes. Nothing else uses them. */

/** Probes a port of 127.0.0.1. */
export async function probe(port: number, monitor: Partial<MonitorConfig>, timeoutMs = 5000): Promise<ProbeResult> {
  const full = { fullPath: '/Common/m', type: 'tcp', interval: 5, timeout: 16, ...monitor };
  const at = { address: '127.0.0.1', port };
  const found = probeFor(full.type);
  if (found === undefined) throw new Error(`${full.type} does not probe`);
  return await found({ monitor: full, at, msPerSecond: 10, signal: AbortSignal.timeout(timeoutMs) });
}

/** A UDP server on 127.0.0.1; gives its port. It answers what `answer` gives; undefined: nothing. */
export async function udpServer(answer: (question: Buffer) => Buffer | string | undefined): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  later(() => void socket.close());
  socket.on('message', (bytes, from) => {
    const given = answer(bytes);
    if (given !== undefined) socket.send(given, from.port, from.address);
  });
  return socket.address().port;
}

/** An SNMP agent of a host that is idle by so many percent, and has nothing else to tell; gives its port. */
export async function snmpAgent(idle: number): Promise<number> {
  return await udpServer((question) => {
    const [, , pdu] = readBer(readBer(question)[0]?.content ?? Buffer.alloc(0));
    const [id, , , list] = readBer(pdu?.content ?? Buffer.alloc(0));
    if (id === undefined || list === undefined) return undefined;
    const pairs = readBer(list.content).map(({ content }, index) => {
      const [oid] = readBer(content);
      return ber(0x30, ber(0x06, oid?.content ?? ''), index === 0 ? berInteger(idle) : ber(0x80));
    });
    const answer = ber(0xa2, berInteger(readInteger(id)), berInteger(0), berInteger(0), ber(0x30, ...pairs));
    return ber(0x30, berInteger(0), ber(0x04, 'public'), answer);
  });
}
