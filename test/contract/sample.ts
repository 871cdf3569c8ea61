import type { BigipObject } from '../../src/ir/objects.ts';

/** One kind's part of the contract: an object, and the ways to change it from there and back again. */
export interface Sample {
  readonly title: string;
  readonly base: BigipObject;
  /** What must be there; created with it, removed after it. */
  readonly needs?: readonly BigipObject[];
  /** By the field that they are about; each is applied to `base`, read back, and undone. */
  readonly variants: Readonly<Record<string, Partial<BigipObject>>>;
}

/** Descriptions that every kind must keep as they are. */
export const DESCRIPTIONS = {
  description: { description: 'Service default/web (cluster east)' },
  'description with tags, quotes and braces': { description: String.raw`<b>"web"</b> {a} \ b? & &lt; done` },
} as const;
export const OTHER_MARK = {
  mark: { instance: 'contract', origins: ['contract:Ingress/shop/cart', 'contract:Row/my vips.csv#1'] },
};

/** Where the samples live. */
export interface Place {
  readonly partition: string;
  /** A VLAN that is there. */
  readonly vlan: string;
}

/** The pool of which a target must let members be written one by one. */
export function lentPool(partition: string): string {
  return `/${partition}/team`;
}
