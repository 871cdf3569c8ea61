import { inNetwork } from '../dataplane/addresses.ts';
import type { Command } from '../tcl/index.ts';
import type { Flow, RuleHost } from './flow.ts';
import { overrideCommands } from './persist-commands.ts';
import { poolCommands } from './pool-commands.ts';

function fixed(read: (flow: Flow) => string): (flow: Flow) => Command {
  return (flow) => () => read(flow);
}

function cipher(flow: Flow, part: string): string {
  const { tls } = flow;
  if (tls === undefined) return '';
  if (part === 'name') return tls.cipher;
  return part === 'bits' ? String(tls.cipherBits) : tls.protocol;
}

/** Who is at the other end of the side that the event is on. */
function peerOf({ side, client, server }: Flow): { readonly address: string; readonly port: number } | undefined {
  return side === 'client' ? client : server;
}

/** Commands of addresses, ports and TLS. */
const connection: Readonly<Record<string, (flow: Flow) => Command>> = {
  'IP::client_addr': fixed(({ client }) => client.address),
  'IP::remote_addr': fixed((flow) => peerOf(flow)?.address ?? ''),
  'IP::local_addr': fixed(({ local }) => local.address),
  'IP::server_addr': fixed(({ server }) => server?.address ?? ''),
  'IP::protocol': fixed(() => '6'),
  'TCP::client_port': fixed(({ client }) => String(client.port)),
  'TCP::remote_port': fixed((flow) => String(peerOf(flow)?.port ?? '')),
  'TCP::local_port': fixed(({ local }) => String(local.port)),
  'TCP::server_port': fixed(({ server }) => String(server?.port ?? '')),
  'TCP::close': (flow) => () => {
    flow.end = 'close';
    return '';
  },
  'SSL::sni': fixed(({ serverName }) => serverName ?? ''),
  'SSL::cipher':
    (flow) =>
    ([part = 'name']) =>
      cipher(flow, part),
  reject: (flow) => () => {
    flow.end = 'reject';
    return '';
  },
  drop: (flow) => () => {
    flow.end = 'drop';
    return '';
  },
  discard: (flow) => () => {
    flow.end = 'drop';
    return '';
  },
  node:
    (flow) =>
    ([given = '', port]) => {
      const [, address = given, ownPort] = /^(.*?)[:.](\d+)$/v.exec(port === undefined ? given : '') ?? [];
      flow.forward = { to: 'node', address, port: Number(port ?? ownPort ?? flow.local.port) };
      return '';
    },
};

/** Accepted, and change nothing here. */
const accepted = ['ONECONNECT::reuse', 'COMPRESS::enable', 'COMPRESS::disable'];

function addressEquals([first = '', , second = '']: readonly string[]): string {
  const [network = '', mask] = second.split('/');
  const length = /^\d+\./v.test(mask ?? '')
    ? (mask ?? '').split('.').reduce((bits, part) => bits + (Number(part).toString(2).match(/1/gv)?.length ?? 0), 0)
    : mask;
  return inNetwork(first, length === undefined ? network : `${network}/${length}`) ? '1' : '0';
}

/** Commands that look at a connection, or end it; those of pools are not among them. */
export function connectionCommands(flow: Flow): Readonly<Record<string, Command>> {
  return Object.fromEntries(Object.entries(connection).map(([name, make]) => [name, make(flow)] as const));
}

/** All commands of a connection itself, as one rule has them. */
export function flowCommands(host: RuleHost, rule: string, flow: Flow): Readonly<Record<string, Command>> {
  return {
    ...connectionCommands(flow),
    ...Object.fromEntries(accepted.map((name) => [name, (): string => ''])),
    'IP::addr': addressEquals,
    ...poolCommands(host, rule, flow),
    ...overrideCommands(host, rule, flow),
  };
}
