import { describe, expect, it } from 'vitest';
import { learnedRoutes } from './learned.ts';

const FOUR = [
  { dst: 'default', gateway: '10.1.20.254', dev: 'net0', protocol: 'static', flags: [] },
  { dst: '10.1.20.0/24', dev: 'net0', protocol: 'kernel', scope: 'link', prefsrc: '10.1.20.1', flags: [] },
  { dst: '10.9.0.0/16', gateway: '10.1.20.9', dev: 'net0', flags: [] },
  { dst: '10.244.1.0/26', gateway: '10.1.20.101', dev: 'net0', protocol: 'bird', metric: 32, flags: [] },
  { dst: '10.244.2.7', via: { family: 'inet', host: '10.1.20.102' }, dev: 'net0', protocol: 'bgp', flags: [] },
  { dst: '10.244.3.0/26', protocol: 'zebra', nexthops: [{ dev: 'net0' }, { gateway: '10.1.20.103' }], flags: [] },
  { type: 'blackhole', dst: '10.244.9.0/24', protocol: 'bird', flags: [] },
];

describe('routes that a routing daemon put into the kernel', () => {
  it('are those of routing protocols that lead to a gateway', async () => {
    const answers: Readonly<Record<string, string>> = { '-4': JSON.stringify(FOUR), '-6': '' };
    const read = (command: { readonly args: readonly string[] }): Promise<string> =>
      Promise.resolve(answers[command.args[0] ?? ''] ?? '');
    expect(await learnedRoutes(read)).toEqual([
      { network: '10.244.1.0/26', gateway: '10.1.20.101' },
      { network: '10.244.2.7/32', gateway: '10.1.20.102' },
      { network: '10.244.3.0/26', gateway: '10.1.20.103' },
    ]);
  });
});
