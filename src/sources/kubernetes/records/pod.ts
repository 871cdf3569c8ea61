import type { LocalPort, PodRecord } from '../model.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';
import { intern } from './intern.ts';

const NODE_PORT_LOCAL = 'nodeportlocal.antrea.io';

/** Cuts a core/v1 Pod: its addresses, and the ports of its node that Antrea's NodePortLocal leads to it. */
export function cutPod(object: Fields, { namespace, name }: Identity): PodRecord {
  const status = object.child('status');
  const single = status.string('podIP');
  const several = status.objects('podIPs').flatMap((entry) => entry.string('ip') ?? []);
  const ips = several.length > 0 || single === undefined || single === '' ? several : [single];
  return { kind: 'Pod', namespace: intern(namespace), name, ips, localPorts: localPorts(object) };
}

/** `[{"podPort":8080,"nodeIP":"10.10.10.10","nodePort":61002,"protocol":"tcp"}]`; before 1.7 `"protocols":["tcp"]`. */
function localPorts(object: Fields): readonly LocalPort[] {
  const text = object.child('metadata').child('annotations').raw(NODE_PORT_LOCAL);
  if (text === undefined) return [];
  const items = typeof text === 'string' ? parseList(text) : undefined;
  if (items !== undefined) return items.flatMap(portsOf);
  object.problem(`metadata.annotations.${NODE_PORT_LOCAL}`, text, 'a list in JSON, as Antrea writes it');
  return [];
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function portsOf(item: unknown): readonly LocalPort[] {
  if (typeof item !== 'object' || item === null) return [];
  const { podPort, nodeIP, nodePort, protocol, protocols } = item as Readonly<Record<string, unknown>>;
  const given: readonly unknown[] = Array.isArray(protocols) ? protocols : [protocol ?? 'tcp'];
  const names = given.filter((name) => typeof name === 'string').map((name) => name.toLowerCase());
  if (typeof podPort !== 'number' || typeof nodePort !== 'number' || typeof nodeIP !== 'string') return [];
  return names.map((name) => ({ podPort, nodeIP: intern(nodeIP), nodePort, protocol: intern(name) }));
}
