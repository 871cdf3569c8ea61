import { invalidValue } from '../../errors/mcp.ts';
import { objectUri, versioned } from '../../view/links.ts';
import type { Field, PrintContext } from '../field.ts';
import { flags } from '../fields/flags.ts';
import { givenItems, pointingItems, type GivenItem, type PointingItem } from '../fields/items.ts';
import { integer, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';

function weighed({ more }: GivenItem): Readonly<Record<string, unknown>> {
  const { attribute = 'percent-up-members', minimumThreshold, threshold, weight = 10 } = more;
  const number = (value: unknown, property: string): number => {
    const read = Number(value);
    if (!Number.isInteger(read) || read < 0) {
      throw invalidValue(property, value);
    }
    return read;
  };
  const share = number(weight, 'weight');
  if (share < 10 || share > 100) {
    throw invalidValue('weight', weight);
  }
  const limit = minimumThreshold ?? threshold;
  return {
    attribute,
    ...(limit === undefined || limit === null ? {} : { minimumThreshold: number(limit, 'minimum-threshold') }),
    weight: share,
  };
}

function printItem(item: PointingItem, target: string, { device }: PrintContext): Readonly<Record<string, unknown>> {
  const { fullPath, ...more } = item;
  const found = device.store.lookup(target, fullPath);
  const twin = found === undefined ? {} : { nameReference: { link: versioned(objectUri(found, device), device) } };
  return { name: fullPath, ...more, ...twin };
}

/** Items by their full paths: the group itself is in no partition (f5_modules compares them so, C). */
function list(name: string, target: string, fullPath: (given: GivenItem) => string): Field {
  return {
    name,
    tail: true,
    shape: 'list',
    reference: { target, noTwin: true, paths: (value) => pointingItems(value).map((item) => item.fullPath) },
    parse: (value) => {
      const items = givenItems(value, name).map((given) =>
        Object.assign({ fullPath: fullPath(given) }, weighed(given)),
      );
      return items.length === 0 ? undefined : items;
    },
    print: (value, context) => pointingItems(value).map((item) => printItem(item, target, context)),
  };
}

function poolPath({ name, more }: GivenItem): string {
  const { partition } = more;
  return name.startsWith('/') ? name : `/${typeof partition === 'string' ? partition : 'Common'}/${name}`;
}

/** What the score of a device in its traffic groups is made of (defaults K; weights of 10 to 100 as f5_modules checks them). */
export const haGroupKind = defineKind({
  path: 'sys/ha-group',
  type: 'HA group',
  naming: 'flat',
  fields: [
    integer('activeBonus', 10, { max: 100 }),
    text('description'),
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    list('pools', 'ltm/pool', poolPath),
    list('trunks', 'net/trunk', ({ name }) => name),
  ],
});
