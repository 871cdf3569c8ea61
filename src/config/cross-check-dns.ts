import type { Problem } from './explain.ts';
import { asItem, itemsOf } from './raw-items.ts';

/** The name of the source that data centers and servers of the configuration come from; it stands in their marks. */
export const CONFIG_SOURCE = 'config';

/** Problems between the sections `dns` of sources and targets. */
export function crossCheckDns(raw: unknown): readonly Problem[] {
  return [...reservedName(raw), ...repeatedDatacenters(raw), ...unknownDatacenters(raw)];
}

function reservedName(raw: unknown): readonly Problem[] {
  return itemsOf(raw, 'sources').flatMap((source, index): readonly Problem[] => {
    if (source?.['name'] !== CONFIG_SOURCE) return [];
    const text = `found "${CONFIG_SOURCE}", expected another name: it is Fairlead’s own, for what the configuration itself asks for`;
    return [{ code: 'config-invalid', path: ['sources', index, 'name'], atKey: false, text }];
  });
}

function datacentersOf(target: unknown): readonly unknown[] {
  return itemsOf(asItem(target)?.['dns'], 'datacenters').map((item) => item?.['name']);
}

function serversOf(target: unknown): readonly unknown[] {
  return itemsOf(asItem(target)?.['dns'], 'datacenters').map((item) => {
    const server = item?.['server'];
    return asItem(server)?.['name'] ?? server;
  });
}

/** Two pools of one name would be one pool, and a server stands in one data center. */
function repeatedDatacenters(raw: unknown): readonly Problem[] {
  return itemsOf(raw, 'targets').flatMap((target, index) =>
    repeatedNames(datacentersOf(target), { index, field: 'name', noun: 'data center' }).concat(
      repeatedNames(serversOf(target), { index, field: 'server', noun: 'GTM server' }),
    ),
  );
}

function repeatedNames(
  names: readonly unknown[],
  { index, field, noun }: { readonly index: number; readonly field: string; readonly noun: string },
): readonly Problem[] {
  return names.flatMap((name, at): readonly Problem[] => {
    const earlier = names.indexOf(name);
    if (typeof name !== 'string' || earlier === at) return [];
    const text = `found ${JSON.stringify(name)} again, expected each ${noun} once (datacenters[${earlier}] has it)`;
    return [
      { code: 'config-duplicate', path: ['targets', index, 'dns', 'datacenters', at, field], atKey: false, text },
    ];
  });
}

/** A source's data center must be one of some device. */
function unknownDatacenters(raw: unknown): readonly Problem[] {
  const known = new Set(itemsOf(raw, 'targets').flatMap(datacentersOf));
  return itemsOf(raw, 'sources').flatMap((source, index) => {
    const names = asItem(source?.['dns'])?.['datacenters'];
    return (Array.isArray(names) ? names : []).flatMap((name: unknown, at): readonly Problem[] => {
      if (typeof name !== 'string' || known.has(name)) return [];
      const list = [...known].map(String).join(', ') || 'there is none';
      const text = `found ${JSON.stringify(name)}, expected a data center of a target: ${list}`;
      return [{ code: 'config-invalid', path: ['sources', index, 'dns', 'datacenters', at], atKey: false, text }];
    });
  });
}
