import { formatEndpoint } from '../names/service.ts';
import { makeList, splitList, TclError, type Command, type Tcl } from '../tcl/index.ts';
import type { Shell } from '../tmsh/shell.ts';
import { atLeast, laterThan, type Version } from '../version/version.ts';
import { findComponent } from '../tmsh/names.ts';
import { rowsOf } from './inputs.ts';

/** What a name of a variable stands for; other texts stand for themselves. */
function valueOf(text: string, tcl: Tcl): string {
  return text === '' ? '' : (tcl.peek(`::${text.replace(/^::/v, '')}`) ?? text);
}

/** `iapp::is ssl__mode client_ssl ...`: whether a variable is there and has one of some values. */
const is: Command = ([name = '', ...values], tcl) => {
  const value = tcl.peek(`::${name.replace(/^::/v, '')}`);
  return value !== undefined && values.includes(value) ? '1' : '0';
};

/** `iapp::destination addr port`: names of variables or values; a mask is cut off. */
const destination: Command = (args, tcl) => {
  const [address = '', port] = args.filter((each) => !each.startsWith('-')).map((each) => valueOf(each, tcl));
  const [host = ''] = address.split('/');
  return port === undefined || port === ''
    ? host
    : formatEndpoint(host, port === 'any' || port === '*' ? 0 : Number(port));
};

/** Columns of tables of members, and the property of a member that each sets. */
const memberProperties: readonly (readonly [column: string, property: string])[] = [
  ['connection_limit', 'connection-limit'],
  ['ratio', 'ratio'],
  ['priority', 'priority-group'],
  ['priority_group', 'priority-group'],
];

/** `iapp::pool_members table`: what stands behind `members`, `none` or `replace-all-with \{ ... \}`. */
const poolMembers: Command = (args, tcl) => {
  const table = valueOf(args.find((each) => !each.startsWith('-')) ?? '', tcl);
  const members = rowsOf(table).flatMap((row) => {
    const address = row.get('addr') ?? '';
    if (address === '' || address === '0.0.0.0') {
      return [];
    }
    const port = row.get('port') ?? tcl.peek('::pool__port') ?? '80';
    const properties = memberProperties.flatMap(([column, property]) => {
      const value = row.get(column) ?? '';
      return value === '' ? [] : [`${property} ${value}`];
    });
    return [`${formatEndpoint(address, Number(port))} { ${properties.join(' ')} }`];
  });
  return members.length === 0 ? 'none' : `replace-all-with { ${members.join(' ')} }`;
};

/** `iapp::substa array(index)`, `iapp::substa array index`: the value, else that of `*`, with variables filled in. */
const substa: Command = ([name = '', given], tcl) => {
  const match = /^(?<array>[^\(]+)\((?<index>[\s\S]*)\)$/v.exec(name)?.groups;
  const array = match?.['array'] ?? name;
  const index = match?.['index'] ?? given ?? '';
  const value = tcl.peek(`${array}(${index})`) ?? tcl.peek(`${array}(*)`);
  if (value === undefined) {
    throw new TclError(`can't read "${array}(${index})": no such element in array`);
  }
  return tcl.subst(value);
};

/** `iapp::tmos_version`, `iapp::tmos_version >= 12.1`, `iapp::tmos_version 12.1`. */
function tmosVersion(version: Version): Command {
  return (args) => {
    const [operator = '', release] = args.length === 1 ? ['>=', args[0]] : args;
    if (release === undefined) {
      return version.full;
    }
    const found: Readonly<Record<string, boolean>> = {
      '>=': atLeast(version, release),
      '<': !atLeast(version, release),
      '>': laterThan(version, release),
      '<=': !laterThan(version, release),
      '==': atLeast(version, release) && !laterThan(version, release),
      '!=': !atLeast(version, release) || laterThan(version, release),
    };
    const answer = found[operator];
    if (answer === undefined) {
      throw new TclError(`bad operator "${operator}": must be one of <, <=, ==, !=, >=, >`);
    }
    return answer ? '1' : '0';
  };
}

/** `iapp::conf create ltm pool p ...`: the command of tmsh; gives the name of the object. */
function conf(shell: Shell): Command {
  return (given, tcl) => {
    const [verb = '', ...args] = given.filter((each) => !/^-\w/v.test(each));
    const printed = tcl.call([`tmsh::${verb}`, ...args]);
    const words = args.flatMap((arg) => arg.split(/\s+/v)).filter((each) => each !== '');
    const component = findComponent(
      words.map((each, at) => (at === 0 ? each.replace(/^\//v, '') : each)),
      shell.context.device.kinds,
    );
    return verb === 'list' || component === undefined ? printed : (words[component.used] ?? '');
  };
}

/** `iapp::get_items ltm pool ...`: names of objects; `-exists` whether there is one. */
const getItems: Command = (args, tcl) => {
  const options = new Set(args.filter((each) => each.startsWith('-')));
  const words = args.filter((each) => !each.startsWith('-'));
  let objects: readonly string[] = [];
  try {
    objects = splitList(tcl.call(['tmsh::get_config', ...words]));
  } catch (error) {
    if (!(error instanceof TclError) || !(options.has('-exists') || options.has('-nocomplain'))) {
      throw error;
    }
  }
  return options.has('-exists')
    ? String(Number(objects.length > 0))
    : makeList(objects.map((object) => splitList(object).at(-2) ?? ''));
};

/** The `iapp::` commands that templates take from F5's package (facts: K, and what templates do with them). */
export function utilityCommands(shell: Shell): Readonly<Record<string, Command>> {
  return {
    'iapp::conf': conf(shell),
    'iapp::debug': () => '',
    'iapp::destination': destination,
    'iapp::get_items': getItems,
    'iapp::is': is,
    'iapp::make_safe_password': ([text = '']) => text.replaceAll(/['#\\]/gv, String.raw`\$&`),
    'iapp::pool_members': poolMembers,
    'iapp::subst': ([text = ''], tcl) => tcl.subst(text),
    'iapp::substa': substa,
    'iapp::template': () => '',
    'iapp::tmos_version': tmosVersion(shell.context.device.version),
  };
}
