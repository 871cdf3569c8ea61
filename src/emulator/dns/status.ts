import { datacenterKind } from '../kinds/gtm/datacenter.ts';
import { gtmPoolKinds } from '../kinds/gtm/pools.ts';
import { partsOf } from '../kinds/gtm/members.ts';
import { serverKind } from '../kinds/gtm/server.ts';
import { serverVirtualKind } from '../kinds/gtm/server-virtuals.ts';
import { wideipKinds } from '../kinds/gtm/wideips.ts';
import { noMonitor, parseMonitorRule } from '../kinds/fields/monitor-rule.ts';
import type { Device } from '../session/device.ts';
import type { Availability } from '../stats/availability.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { probedAt } from './endpoint.ts';
import { askBox } from './iquery.ts';
import { connectionsOf, isFull, isServerFull } from './limits.ts';
import { plainName } from './wideips.ts';

/** The state of one monitor for one address; `unchecked`: it cannot tell. */
export type Finding = 'up' | 'down' | 'checking' | 'unchecked';

/** A status of `gtm`. */
export type Status = Availability;

const monitorText = { up: 'Available', down: 'Monitor', checking: 'Checking' } as const;
const unknownText = 'Checking';
const fullText = 'The limit of connections is reached';

/** The pools of all types of record. */
export function allPools(device: Device): readonly ConfigObject[] {
  return gtmPoolKinds.flatMap((kind) => Array.from(device.store.collection(kind).list()));
}

/** A pool's members in their order. */
export function membersOf(pool: ConfigObject, device: Device): readonly ConfigObject[] {
  const [kind] = pool.kind.subs;
  const all = kind === undefined ? [] : [...device.store.collection(kind, pool.fullPath).list()];
  return all.sort((a, b) => Number(a.values['memberOrder'] ?? 0) - Number(b.values['memberOrder'] ?? 0));
}

/** The virtual server that a member of a pool of addresses stands for, and its server. */
export function targetOf(
  member: ConfigObject,
  device: Device,
): { readonly server: ConfigObject; readonly virtual: ConfigObject } | undefined {
  const { server = '', virtual = '' } = partsOf(member.name) ?? {};
  const foundServer = device.store.get(serverKind, server);
  const found = device.store.get(serverVirtualKind, virtual, server);
  return foundServer === undefined || found === undefined ? undefined : { server: foundServer, virtual: found };
}

/** Whether an object is switched on itself. */
export function isEnabled(object: ConfigObject): boolean {
  return object.values['enabled'] !== 'disabled';
}

/** Whether a state lets clients be sent there: what nobody checks counts as up. */
export function isUp({ state }: Pick<Status, 'state'>): boolean {
  return state === 'available' || state === 'unknown';
}

/** The monitors in a stored rule; undefined without any. */
export function ruleOf(value: string | undefined): ReturnType<typeof parseMonitorRule> | undefined {
  const text = value?.trim() ?? '';
  if (text === '' || text === 'default' || text === noMonitor.trim()) {
    return undefined;
  }
  return parseMonitorRule(text, (name) => name);
}

/** All of the monitors must be up, or as many as the rule says. */
function together(findings: readonly Finding[], min: number): Finding {
  const count = (...wanted: readonly Finding[]): number => findings.filter((each) => wanted.includes(each)).length;
  if (count('down') > findings.length - min) {
    return 'down';
  }
  if (count('up') >= min) {
    return 'up';
  }
  return count('checking') > 0 ? 'checking' : 'unchecked';
}

/** Works out the status of everything that answers depend on. */
export class StatusView {
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Of a virtual server of a server, by its monitors or else its server's. */
  virtual(virtual: ConfigObject, server: ConfigObject): Status {
    return this.#virtual(virtual, server, new Set());
  }

  /** Of a member of a pool; a pool's own monitors count besides those of the virtual server. */
  member(member: ConfigObject, pool: ConfigObject): Status {
    if (member.kind.naming === 'flat') {
      return this.#named(member, new Set());
    }
    const target = targetOf(member, this.#device);
    if (target === undefined) {
      return { state: 'offline', enabled: isEnabled(member) ? 'enabled' : 'disabled', reason: 'No virtual server' };
    }
    const below = this.virtual(target.virtual, target.server);
    const rule = textOf(member, 'monitor') ?? textOf(pool, 'monitor');
    const own = this.#byRule(rule, target);
    const enabled = isEnabled(member) ? (below.enabled === 'enabled' ? 'enabled' : 'disabled-by-parent') : 'disabled';
    if (!isUp(below)) {
      return { ...below, enabled };
    }
    if (own === 'down') {
      return { state: 'offline', enabled, reason: `${monitorText.down} ${rule?.trim() ?? ''} : down` };
    }
    if (isFull(member, () => connectionsOf(target.virtual, this.#device)) || this.#isPoolFull(pool)) {
      return { state: 'unavailable', enabled, reason: fullText };
    }
    return own === 'up' ? { state: 'available', enabled, reason: monitorText.up } : { ...below, enabled };
  }

  /** Of a pool: available when one of its members can be used. */
  pool(pool: ConfigObject): Status {
    return this.#pool(pool, new Set());
  }

  /** Of a wide IP: available when one of its pools is. */
  wideip(wideip: ConfigObject): Status {
    return this.#wideip(wideip, new Set());
  }

  /** The pools of a wide IP in their order, those of canonical names among them. */
  poolsOf(wideip: ConfigObject): readonly { readonly pool: ConfigObject; readonly ratio: number }[] {
    const type = wideip.kind.path.slice(wideip.kind.path.lastIndexOf('/') + 1);
    const items = [
      ...pointersOf(wideip.values['pools'], type),
      ...pointersOf(wideip.values['poolsCname'], 'cname'),
    ].sort((a, b) => a.order - b.order);
    return items.flatMap(({ fullPath, type: of, ratio }) => {
      const pool = this.#device.store.lookup(`gtm/pool/${of}`, fullPath);
      return pool === undefined ? [] : [{ pool, ratio }];
    });
  }

  #virtual(virtual: ConfigObject, server: ConfigObject, seen: Set<ConfigObject>): Status {
    const datacenter = this.#device.store.get(datacenterKind, textOf(server, 'datacenter') ?? '');
    const parents = [server, ...(datacenter === undefined ? [] : [datacenter])];
    const byParent = parents.every(isEnabled) ? 'enabled' : 'disabled-by-parent';
    const enabled = isEnabled(virtual) ? byParent : 'disabled';
    if (this.#missesDependency(virtual, server, seen)) {
      return { state: 'offline', enabled, reason: 'A virtual server that it depends on is down' };
    }
    const rule = textOf(virtual, 'monitor') ?? textOf(server, 'monitor');
    const finding = this.#byRule(rule, { virtual, server });
    if (finding !== 'down' && this.#isVirtualFull(virtual, server)) {
      return { state: 'unavailable', enabled, reason: fullText };
    }
    switch (finding) {
      case 'up':
        return { state: 'available', enabled, reason: monitorText.up };
      case 'down':
        return { state: 'offline', enabled, reason: `${monitorText.down} ${rule?.trim() ?? ''} : down` };
      default:
        return { state: 'unknown', enabled, reason: unknownText };
    }
  }

  /** `dependsOn`: virtual servers that must be up, named with their server or on the same one. */
  #missesDependency(virtual: ConfigObject, server: ConfigObject, seen: Set<ConfigObject>): boolean {
    const items = virtual.values['dependsOn'];
    if (!Array.isArray(items) || seen.has(virtual)) {
      return false;
    }
    seen.add(virtual);
    return items.some((item: { readonly name?: unknown }) => {
      const name = String(item.name);
      const parts = partsOf(name) ?? { server: server.fullPath, virtual: name };
      const onServer = this.#device.store.get(serverKind, parts.server);
      const other = this.#device.store.get(serverVirtualKind, parts.virtual, parts.server);
      return onServer === undefined || other === undefined ? false : !isUp(this.#virtual(other, onServer, seen));
    });
  }

  #isVirtualFull(virtual: ConfigObject, server: ConfigObject): boolean {
    return isFull(virtual, () => connectionsOf(virtual, this.#device)) || isServerFull(server, this.#device);
  }

  #isPoolFull(pool: ConfigObject): boolean {
    return isFull(pool, () => {
      const targets = membersOf(pool, this.#device).map((member) => targetOf(member, this.#device));
      return targets.reduce(
        (sum, target) => sum + (target === undefined ? 0 : connectionsOf(target.virtual, this.#device)),
        0,
      );
    });
  }

  #byRule(text: string | undefined, target: { virtual: ConfigObject; server: ConfigObject }): Finding {
    const rule = ruleOf(text);
    if (rule === undefined) {
      return 'unchecked';
    }
    const findings = rule.monitors.map((monitor) => this.#finding(monitor, target));
    return together(findings, rule.min ?? findings.length);
  }

  #finding(monitor: string, { virtual, server }: { virtual: ConfigObject; server: ConfigObject }): Finding {
    const type = this.#device.store.lookup('gtm-monitor', monitor)?.kind.path;
    if (type === 'gtm/monitor/bigip' || type === 'gtm/monitor/bigip-link') {
      const answer = askBox(virtual, server, this.#device);
      return answer === 'unknown' ? 'unchecked' : answer;
    }
    return this.#device.gtmHealth(monitor, probedAt(virtual));
  }

  #pool(pool: ConfigObject, seen: Set<ConfigObject>): Status {
    const enabled = isEnabled(pool) ? 'enabled' : 'disabled';
    const members = membersOf(pool, this.#device);
    const all = members.map((each) =>
      each.kind.naming === 'flat' ? this.#named(each, seen) : this.member(each, pool),
    );
    const usable = all.filter((each) => each.enabled === 'enabled');
    if (usable.some(({ state }) => state === 'available')) {
      return { state: 'available', enabled, reason: 'Available' };
    }
    if (usable.some(({ state }) => state === 'unknown')) {
      return { state: 'unknown', enabled, reason: unknownText };
    }
    // Recorded for a pool with nothing to give, also one without members (recordings of pool statistics).
    return { state: 'offline', enabled, reason: 'No enabled pool members available' };
  }

  #wideip(wideip: ConfigObject, seen: Set<ConfigObject>): Status {
    const enabled = isEnabled(wideip) ? 'enabled' : 'disabled';
    if (seen.has(wideip)) {
      return { state: 'unknown', enabled, reason: unknownText };
    }
    seen.add(wideip);
    const all = this.poolsOf(wideip)
      .map(({ pool }) => this.#pool(pool, seen))
      .filter((each) => each.enabled === 'enabled');
    if (all.some(({ state }) => state === 'available')) {
      return { state: 'available', enabled, reason: 'Available' };
    }
    if (all.length === 0 || all.some(({ state }) => state === 'unknown')) {
      return { state: 'unknown', enabled, reason: unknownText };
    }
    return { state: 'offline', enabled, reason: 'No enabled pools available' };
  }

  /** A member that is a name: it is as available as the wide IP of that name; other names cannot be checked. */
  #named(member: ConfigObject, seen: Set<ConfigObject>): Status {
    const enabled = isEnabled(member) ? 'enabled' : 'disabled';
    if (member.values['staticTarget'] === 'yes') {
      return { state: 'available', enabled, reason: 'Available' };
    }
    const wideips = wideipKinds
      .map((kind) => this.#device.store.get(kind, `/Common/${plainName(member.name)}`))
      .filter((each) => each !== undefined);
    const states = wideips.map((wideip) => this.#wideip(wideip, seen).state);
    if (states.includes('available')) {
      return { state: 'available', enabled, reason: 'Available' };
    }
    const isDown = states.length > 0 && states.every((state) => state === 'offline');
    return { state: isDown ? 'offline' : 'unknown', enabled, reason: unknownText };
  }
}

function pointersOf(
  value: unknown,
  type: string,
): readonly { readonly fullPath: string; readonly type: string; readonly order: number; readonly ratio: number }[] {
  const items = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  return items.map((item) => ({
    fullPath: String(item['fullPath']),
    type,
    order: Number(item['order'] ?? 0),
    ratio: Number(item['ratio'] ?? 1),
  }));
}
