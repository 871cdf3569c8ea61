import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { flags } from '../fields/flags.ts';
import { pointers, type GivenItem } from '../fields/items.ts';
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
  const limit = minimumThreshold ?? threshold;
  return {
    attribute,
    ...(limit === undefined || limit === null ? {} : { minimumThreshold: number(limit, 'minimum-threshold') }),
    weight: number(weight, 'weight'),
  };
}

const list = (name: string, target: string): Field => pointers(name, { target }, weighed);

/** What the score of a device in its traffic groups is made of (defaults K). */
export const haGroupKind = defineKind({
  path: 'sys/ha-group',
  type: 'HA group',
  naming: 'flat',
  fields: [
    integer('activeBonus', 10, { max: 100 }),
    text('description'),
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    list('pools', 'ltm/pool'),
    list('trunks', 'net/trunk'),
  ],
});
