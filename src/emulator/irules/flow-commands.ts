import { inNetwork } from '../dataplane/addresses.ts';
import { makeList, TclError, type Command } from '../tcl/index.ts';
import type { Flow, PoolView, RuleHost } from './flow.ts';
import { resolveName } from './names.ts';

function fixed(read: (flow: Flow) => string): (flow: Flow) => Command {
  return (flow) => () => read(flow);
}

function cipher(flow: Flow, part: string): string {
  const { tls } = flow;
  if (tls === undefined) return '';
  if (part === 'name') return tls.cipher;
  return part === 'bits' ? String(tls.cipherBits) : tls.protocol;
}

/** Commands of addresses, ports and TLS. */
const connection: Readonly<Record<string, (flow: Flow) => Command>> = {
  'IP::client_addr': fixed(({ client }) => client.address),
  'IP::remote_addr': fixed(({ client }) => client.address),
  'IP::local_addr': fixed(({ local }) => local.address),
  'IP::server_addr': fixed(({ server }) => server?.address ?? ''),
  'IP::protocol': fixed(() => '6'),
  'TCP::client_port': fixed(({ client }) => String(client.port)),
  'TCP::remote_port': fixed(({ client }) => String(client.port)),
  'TCP::local_port': fixed(({ local }) => String(local.port)),
  'TCP::server_port': fixed(({ server }) => String(server?.port ?? '')),
  'TCP::close': (flow) => () => {
    flow.end = 'drop';
    return '';
  },
  'SSL::sni': fixed(({ serverName }) => serverName ?? ''),
  'SSL::cipher':
    (flow) =>
    ([part = 'name']) =>
      cipher(flow, part),
  virtual:
    (flow) =>
    ([name]) => {
      if (name !== undefined && name !== 'name') {
        throw new TclError('virtual NAME is not supported by this emulator');
      }
      return flow.virtual;
    },
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

/** Address translation and persistence are accepted, and change nothing here. */
const accepted = [
  'snat',
  'snatpool',
  'persist',
  'LB::detach',
  'ONECONNECT::reuse',
  'COMPRESS::enable',
  'COMPRESS::disable',
];

function addressEquals([first = '', , second = '']: readonly string[]): string {
  const [network = '', mask] = second.split('/');
  const length = /^\d+\./v.test(mask ?? '')
    ? (mask ?? '').split('.').reduce((bits, part) => bits + (Number(part).toString(2).match(/1/gv)?.length ?? 0), 0)
    : mask;
  return inNetwork(first, length === undefined ? network : `${network}/${length}`) ? '1' : '0';
}

/** Commands that look at pools, or choose one; for a rule and a connection. */
function poolCommands(host: RuleHost, rule: string, flow: Flow): Readonly<Record<string, Command>> {
  const path = (name: string): string => resolveName(name, rule, (each) => host.pool(each) !== undefined);
  const view = (name: string): PoolView => {
    const found = host.pool(path(name));
    if (found === undefined) {
      throw new TclError(`no such pool: ${name}`);
    }
    return found;
  };
  const choose: Command = ([name = '', option, address = '', port = '']) => {
    view(name);
    flow.forward = option === 'member' ? { to: 'node', address, port: Number(port) } : { to: 'pool', pool: path(name) };
    return '';
  };
  const listed = (args: readonly string[], onlyActive: boolean): string => {
    const found = view(args.at(-1) ?? '').members.filter(({ isActive }) => isActive || !onlyActive);
    const pairs = found.map(({ address, port }) => makeList([address, String(port)]));
    return args[0] === '-list' ? makeList(pairs) : String(found.length);
  };
  return {
    pool: choose,
    'LB::reselect': ([what, name = '']) => (what === 'pool' ? choose([name], undefined as never) : ''),
    'LB::server': ([part = '']) => {
      const { server } = flow;
      const pool = server?.pool ?? (flow.forward?.to === 'pool' ? flow.forward.pool : flow.defaultPool) ?? '';
      if (part === 'pool') return pool;
      if (part === 'addr') return server?.address ?? '';
      if (part === 'port') return String(server?.port ?? '');
      return server === undefined ? pool : makeList([server.pool, server.address, String(server.port)]);
    },
    'LB::status': ([, name = '', , address, port]) => {
      const found = view(name).members.find((each) => each.address === address && String(each.port) === port);
      return found?.isActive === true ? 'up' : 'down';
    },
    active_members: (args) => listed(args, true),
    members: (args) => listed(args, false),
  };
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
  };
}
