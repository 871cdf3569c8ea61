import type { Forward } from '../dataplane/forward.ts';
import { makeList, TclError, type Command } from '../tcl/index.ts';
import type { Flow, MemberView, PoolView, RuleHost } from './flow.ts';
import { resolveName } from './names.ts';

function memberOf(host: RuleHost, { pool, member }: Forward & { readonly to: 'pool' }): MemberView | undefined {
  return host.pool(pool)?.members.find(({ fullPath }) => fullPath === member);
}

/** Commands that look at pools, or choose one; for a rule and a connection. */
export function poolCommands(host: RuleHost, rule: string, flow: Flow): Readonly<Record<string, Command>> {
  const path = (name: string): string => resolveName(name, rule, (each) => host.pool(each) !== undefined);
  const view = (name: string): PoolView => {
    const found = host.pool(path(name));
    if (found === undefined) {
      throw new TclError(`no such pool: ${name}`);
    }
    return found;
  };
  const choose: Command = ([name = '', option, address = '', port = '']) => {
    const { members } = view(name);
    const pool = path(name);
    const member = members.find((each) => each.address === address && String(each.port) === port);
    if (option !== 'member') flow.forward = { to: 'pool', pool };
    else if (member === undefined) flow.forward = { to: 'node', address, port: Number(port) };
    else flow.forward = { to: 'pool', pool, member: member.fullPath };
    return '';
  };
  const listed = (args: readonly string[], onlyActive: boolean): string => {
    const found = view(args.at(-1) ?? '').members.filter(({ isActive }) => isActive || !onlyActive);
    const pairs = found.map(({ address, port }) => makeList([address, String(port)]));
    return args[0] === '-list' ? makeList(pairs) : String(found.length);
  };
  return {
    pool: choose,
    virtual: ([name, ...more]) => {
      if (name === undefined || name === 'name') return flow.virtual;
      const virtual = resolveName(name, rule, (each) => host.hasVirtual(each));
      if (!host.hasVirtual(virtual)) throw new TclError(`no such virtual server: ${name}`);
      if (more.length > 0) throw new TclError('virtual NAME ADDRESS PORT is not supported by this emulator');
      flow.forward = { to: 'virtual', virtual };
      return '';
    },
    'LB::status': ([, name = '', , address, port]) => {
      const found = view(name).members.find((each) => each.address === address && String(each.port) === port);
      return found?.isActive === true ? 'up' : 'down';
    },
    active_members: (args) => listed(args, true),
    members: (args) => listed(args, false),
    ...choiceCommands(host, flow),
  };
}

/** Commands on the choice of a member. */
function choiceCommands(host: RuleHost, flow: Flow): Readonly<Record<string, Command>> {
  return {
    'LB::reselect': (words, tcl) => {
      if (words.length > 0) tcl.call(words);
      flow.reselect = true;
      return '';
    },
    'LB::detach': () => {
      flow.detach = true;
      return '';
    },
    'LB::select': (words, tcl) => {
      if (words.length > 0) tcl.call(words);
      const found = flow.hands.select(flow.forward);
      const chosen = found === undefined ? undefined : memberOf(host, found);
      if (found === undefined || chosen === undefined) return '';
      flow.forward = found;
      return makeList(['pool', found.pool, 'member', chosen.address, String(chosen.port)]);
    },
    'LB::server': ([part = '']) => {
      const { server } = flow;
      const pool = server?.pool ?? (flow.forward?.to === 'pool' ? flow.forward.pool : flow.defaultPool) ?? '';
      if (part === 'pool') return pool;
      if (part === 'addr') return server?.address ?? '';
      if (part === 'port') return String(server?.port ?? '');
      return server === undefined ? pool : makeList([server.pool, server.address, String(server.port)]);
    },
  };
}
