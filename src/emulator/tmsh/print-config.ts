import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { printObject } from './print-object.ts';
import { isStock, stockOf } from './stock.ts';

function printed(object: ConfigObject, device: Device): string {
  return printObject(object, { device, show: 'stored' });
}

/** Kinds in the order in which they are written: partitions and folders first. */
function kindsOf(device: Device): readonly ConfigObject['kind'][] {
  const kinds = device.kinds.all.filter((kind) => !device.kinds.parents.has(kind.path));
  const first = kinds.filter(({ path }) => path === 'auth/partition');
  return [...first, ...kinds.filter((kind) => !first.includes(kind))];
}

/** Everything that is not as on an empty box. */
export function ownObjects(device: Device): readonly ConfigObject[] {
  const stock = stockOf(device);
  return kindsOf(device).flatMap((kind) =>
    [...device.store.collection(kind).list()].filter((object) => !isStock(object, device.store, stock)),
  );
}

/**
 * The configuration in the language of `bigip.conf`: every object that is not as on an empty box. Loading it into a
 * fresh emulator gives the same objects. Contents of files are not in it, as they are not on a device.
 */
export function printConfig(device: Device): string {
  const objects = ownObjects(device).map((object) => `${printed(object, device)}\n`);
  return `#TMSH-VERSION: ${device.version.full}\n\n${objects.join('')}`;
}
