import { memberKind } from '../../kinds/ltm-pool-members.ts';
import type { ConfigObject } from '../../store/object.ts';
import { scopeBelow } from '../../store/scope.ts';
import { builders } from '../../stats/builders.ts';
import type { StatsSource } from '../../stats/stats-source.ts';
import { findComponent, spelled, unexpectedArgument } from '../names.ts';
import { headOf, relative } from '../print-object.ts';
import { objectsIn, select, type View } from './selection.ts';

const switches = new Set(['field-fmt', 'detail', 'raw', 'recursive', 'members', 'default', 'exa', 'gig', 'kil', 'meg']);

/** A statistic by its tmsh name. */
type Line = readonly [name: string, value: string];

/** Statistics with the names that `field-fmt` shows. */
export function statLines(object: ConfigObject, view: View, source: StatsSource): readonly Line[] {
  const stats = builders.get(object.kind.path)?.(object, view.device, source) ?? {};
  const lines: Line[] = [];
  for (const [name, stat] of Object.entries(stats)) {
    const { value, description } = stat as { value?: number; description?: string };
    if (value !== undefined || description !== undefined) {
      lines.push([name.split('.').map(spelled).join('.'), String(value ?? description)]);
    }
  }
  return lines.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function membersOf(pool: ConfigObject, view: View): readonly ConfigObject[] {
  return pool.kind.path === 'ltm/pool' ? [...view.device.store.collection(memberKind, scopeBelow(pool)).list()] : [];
}

/** `field-fmt`: one property a line, members inside. */
function fields(object: ConfigObject, view: View, options: { source: StatsSource; members: boolean }): string {
  const own = statLines(object, view, options.source).map(([name, value]) => [name, [`    ${name} ${value}`]] as const);
  const members = options.members ? membersOf(object, view) : [];
  const inner: string[] = [];
  for (const member of members) {
    const lines = statLines(member, view, options.source).map(([name, value]) => `            ${name} ${value}`);
    inner.push(`        ${relative(member.fullPath, view.folder)} {`, ...lines, '        }');
  }
  const block = inner.length === 0 ? [] : [['members', ['    members {', ...inner, '    }']] as const];
  const lines = [...own, ...block].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => text);
  return `${[`${headOf(object, view.folder)} {`, ...lines, '}'].join('\n')}\n`;
}

const titles: Readonly<Record<string, string>> = {
  'ltm/virtual': 'Ltm::Virtual Server',
  'ltm/virtual-address': 'Ltm::Virtual Address',
  'ltm/pool': 'Ltm::Pool',
  'ltm/pool/members': 'Ltm::Pool Member',
  'ltm/node': 'Ltm::Node',
  'ltm/policy': 'Ltm::Policy',
};

/** Statistics in the order in which they are shown, with what they are called. */
const status: readonly Line[] = [
  ['status.availability-state', 'Availability'],
  ['status.enabled-state', 'State'],
  ['status.status-reason', 'Reason'],
  ['cmp-enabled', 'CMP'],
  ['cmp-enable-mode', 'CMP Mode'],
  ['destination', 'Destination'],
  ['monitor-rule', 'Monitor'],
  ['monitor-status', 'Monitor Status'],
  ['min-active-members', 'Minimum Active Members'],
  ['active-member-cnt', 'Current Active Members'],
  ['available-member-cnt', 'Available Members'],
  ['member-cnt', 'Total Members'],
];
const traffic: readonly Line[] = [
  ['bits-in', 'Bits In'],
  ['bits-out', 'Bits Out'],
  ['pkts-in', 'Packets In'],
  ['pkts-out', 'Packets Out'],
  ['cur-conns', 'Current Connections'],
  ['max-conns', 'Maximum Connections'],
  ['tot-conns', 'Total Connections'],
];

function page(object: ConfigObject, view: View, source: StatsSource): string {
  const stats = new Map(statLines(object, view, source));
  const name = relative(object.fullPath, view.folder);
  const title = `${titles[object.kind.path] ?? headOf(object, view.folder)}: ${name}`;
  const rule = '-'.repeat(Math.max(66, title.length));
  const shown = status
    .filter(([key]) => stats.has(key))
    .map(([key, label]) => `  ${label.padEnd(22)} : ${stats.get(key) ?? ''}`);
  const side = stats.has('clientside.bits-in') ? 'clientside' : 'serverside';
  const counted = traffic
    .filter(([key]) => stats.has(`${side}.${key}`))
    .map(([key, label]) => `  ${label.padEnd(28)}${(stats.get(`${side}.${key}`) ?? '').padStart(14)}`);
  const heading = `${'Traffic'.padEnd(30)}${(side === 'clientside' ? 'ClientSide' : 'ServerSide').padStart(14)}`;
  const lines = [rule, title, rule, 'Status', ...shown, '', ...(counted.length === 0 ? [] : [heading, ...counted, ''])];
  return `${lines.join('\n')}\n`;
}

/** What `show` is about: objects with statistics. */
export function shownObjects(words: readonly string[], view: View): readonly ConfigObject[] {
  const rest = words.filter((word) => !switches.has(word));
  const component = findComponent(rest, view.device.kinds);
  if (component === undefined || !builders.has(component.kind.path)) {
    throw unexpectedArgument(rest[component?.used === undefined ? 0 : component.used - 1] ?? '');
  }
  const { kind, used } = component;
  const seen = words.includes('recursive') ? { ...view, recursive: true } : view;
  const names = rest.slice(used);
  return names.length === 0 ? objectsIn(kind, seen) : names.flatMap((name) => select(kind, name, seen));
}

/** `show` of objects that have statistics: a page each, or with `field-fmt` one property a line. */
export function show(words: readonly string[], view: View, source: StatsSource): string {
  const objects = shownObjects(words, view);
  const members = words.includes('members') || words.includes('detail');
  if (words.includes('field-fmt')) {
    return objects.map((object) => fields(object, view, { source, members })).join('');
  }
  const pages = objects.flatMap((object) => (members ? [object].concat(membersOf(object, view)) : [object]));
  return pages.map((object) => page(object, view, source)).join('');
}
