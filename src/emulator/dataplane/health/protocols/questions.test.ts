import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readQuery } from '../../../dns/codec/query.ts';
import { responseBytes } from '../../../dns/codec/response.ts';
import type { Rcode } from '../../../dns/codec/response.ts';
import type { ResourceRecord } from '../../../dns/codec/records.ts';
import type { MonitorConfig } from '../../model.ts';
import { cleanUp, later, tcpBackend, TEST_CERTIFICATE, unusedPort } from '../../test-kit.ts';
import { probeReachable } from '../probe-tcp.ts';
import { probe, udpServer } from '../probe-kit.ts';
import { findPing, pingBy } from './icmp.ts';

afterEach(cleanUp);

describe('a dns monitor', () => {
  async function nameServer(rcode: Rcode, answers: readonly ResourceRecord[]): Promise<number> {
    return await udpServer((message) => {
      const query = readQuery(message)!;
      expect(query.question?.name).toBe('www.example.com');
      return responseBytes(query, { rcode, authoritative: true, answers, authority: [], additional: [] }, 512);
    });
  }
  const record = (type: 'A' | 'AAAA', address: string): ResourceRecord => ({
    type,
    address,
    name: 'www.example.com',
    ttl: 1,
  });
  const dns = (more: Partial<MonitorConfig> = {}, settings = {}): Partial<MonitorConfig> => ({
    type: 'dns',
    ...more,
    settings: { qname: 'www.example.com', ...settings },
  });

  it('wants a record of the type that it asks for, and no error', async () => {
    const good = await nameServer('noerror', [record('A', '10.0.0.1')]);
    expect(await probe(good, dns())).toBe('success');
    expect(await probe(good, dns({}, { qtype: 'aaaa' }))).toBe('failure');
    expect(await probe(good, dns({}, { qtype: 'aaaa', answerContains: 'any-type' }))).toBe('success');
    const none = await nameServer('nxdomain', []);
    expect(await probe(none, dns())).toBe('failure');
    expect(await probe(none, dns({}, { acceptRcode: 'anything' }))).toBe('failure');
    expect(await probe(none, dns({}, { acceptRcode: 'anything', answerContains: 'anything' }))).toBe('success');
  });

  it('looks for an address, or for its absence', async () => {
    const port = await nameServer('noerror', [record('AAAA', '2001:db8::1')]);
    const aaaa = { qtype: 'aaaa' };
    expect(await probe(port, dns({ recv: '2001:DB8:0::1' }, aaaa))).toBe('success');
    expect(await probe(port, dns({ recv: '2001:db8::2' }, aaaa))).toBe('failure');
    expect(await probe(port, dns({ recv: '2001:db8::2', reverse: true }, aaaa))).toBe('success');
  });

  it('is down when nobody answers, or not to the question', async () => {
    expect(await probe(await unusedPort(), dns())).toBe('failure');
    expect(await probe(await udpServer(() => 'hello, world'), dns(), 50)).toBe('failure');
  });
});

describe('a sip monitor', () => {
  const status = (code: number): string => `SIP/2.0 ${code} Word\r\nContent-Length: 0\r\n\r\n`;
  const sip = (settings = {}): Partial<MonitorConfig> => ({ type: 'sip', settings });

  it('asks for options and judges by the code of the answer', async () => {
    const answering = async (code: number): Promise<number> =>
      await udpServer((question) => {
        expect(question.toString()).toMatch(/^OPTIONS sip:\S+ SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP/);
        return status(code);
      });
    expect(await probe(await answering(200), sip())).toBe('success');
    const missing = await answering(404);
    expect(await probe(missing, sip({ filter: 'none' }))).toBe('failure');
    expect(await probe(missing, sip({ filter: '404 486' }))).toBe('success');
    expect(await probe(missing, sip({ filter: 'any' }))).toBe('success');
    expect(await probe(missing, sip({ filter: 'any', filterNeg: '404' }))).toBe('failure');
  });

  it('speaks TCP and TLS, and waits for an answer that is final', async () => {
    const plain = await tcpBackend((socket) => socket.once('data', () => socket.write(status(100) + status(200))));
    expect(await probe(plain.port, sip({ mode: 'tcp' }))).toBe('success');
    const secure = createTlsServer(TEST_CERTIFICATE, (socket) => socket.once('data', () => socket.write(status(200))));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    later(() => void secure.close());
    expect(await probe((secure.address() as AddressInfo).port, sip({ mode: 'tls' }))).toBe('success');
    expect(await probe(plain.port, sip({ mode: 'tls' }))).toBe('failure');
  });
});

describe('an ICMP monitor', () => {
  const request = (address: string, port = 0) => ({
    monitor: { fullPath: '/Common/m', type: 'icmp', interval: 1, timeout: 1 },
    at: { address, port },
    msPerSecond: 1000,
    signal: AbortSignal.timeout(5000),
  });

  it('believes the exit code of ping', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ping-'));
    later(() => rm(folder, { recursive: true }));
    expect(await findPing(folder)).toBeUndefined();
    const program = join(folder, 'ping');
    await writeFile(program, '#!/bin/sh\n[ "$*" = "-n -c 1 10.0.0.1" ]\n');
    await chmod(program, 0o755);
    expect(await findPing(folder)).toBe(program);
    expect(await pingBy(program, request('10.0.0.1'))).toBe('success');
    expect(await pingBy(program, request('10.0.0.2'))).toBe('failure');
    expect(await pingBy(join(folder, 'none'), request('10.0.0.1'))).toBe('failure');
  });

  it('without ping takes a refused or accepted connection for an answer of the host', async () => {
    const backend = await tcpBackend(() => {});
    expect(await probeReachable(request('127.0.0.1', backend.port))).toBe('success');
    expect(await probeReachable(request('127.0.0.1', await unusedPort()))).toBe('success');
  });

  it('finds this machine, by whichever way', async () => {
    const port = await unusedPort();
    expect(await probe(port, { type: 'icmp' })).toBe('success');
    expect(await probe(port, { type: 'gateway_icmp' })).toBe('success');
  });
});
