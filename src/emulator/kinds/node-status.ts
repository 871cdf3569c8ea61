import type { MemberHealth } from '../dataplane/model.ts';
import type { Device } from '../session/device.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { fqdnName } from './fields/fqdn.ts';
import { noMonitor } from './fields/monitor-rule.ts';
import { defaultNodeMonitorKind } from './ltm-default-node-monitor.ts';

/** The monitor rule in force for a node: its own, else `default-node-monitor`; undefined without one. */
export function nodeMonitor(node: ConfigObject, device: Device): string | undefined {
  const own = fqdnName(node.values['fqdn']) === undefined ? textOf(node, 'monitor') : noMonitor;
  if (own === noMonitor) {
    return undefined;
  }
  if (own !== undefined && own !== 'default') {
    return own;
  }
  const standard = device.store.get(defaultNodeMonitorKind, defaultNodeMonitorKind.path);
  const rule = standard === undefined ? undefined : textOf(standard, 'rule');
  return rule === 'none' || rule === 'default' || rule === noMonitor ? undefined : rule;
}

/** What the monitors of a node found: `unchecked` without any. */
export function nodeHealth(node: ConfigObject, device: Device): MemberHealth {
  return nodeMonitor(node, device) === undefined ? 'unchecked' : device.nodeHealth(node.fullPath);
}
