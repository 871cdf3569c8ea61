import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { OriginKey } from './origin.ts';
import type { FullPath, Ref } from './ref.ts';
import { compareText } from './compare-text.ts';
import { nameOf, refOf } from './ref.ts';

/** A piece of an iRule's text: several origins may give one each. */
export interface IRuleSection {
  /** Its own within the iRule. Sections stand in the order of their names; the text of somebody else's iRule is one without name. */
  readonly name: string;
  /** Who gave it. Left out: nobody that Fairlead knows. */
  readonly origin?: OriginKey;
  /** Tcl, ASCII, without blank lines or blanks at its end: the device does not keep those of the whole. */
  readonly text: string;
}

/** `ltm rule`: a program in Tcl that a virtual server runs. */
export interface IRule {
  readonly kind: 'irule';
  readonly path: FullPath;
  readonly description?: string;
  /** Each name once. */
  readonly sections: readonly IRuleSection[];
  /** `origins`: those of the sections, and any that has none. */
  readonly mark?: Mark;
}

/**
 * How iRules are read, compared and ordered. The device keeps nothing but their text (facts 8.10), so mark, description and
 * the owners of sections stand in comments there. One that is in use may not be deleted (K), nor in the transaction in
 * which a virtual server drops it, as policies (facts 6.3).
 */
export const iruleDescriptor: Descriptor<IRule> = {
  kind: 'irule',
  noun: 'iRule',
  order: 41,
  marked: 'description',
  deleteLater: true,
  joinedWith: ({ path }) => refOf('policy', path),
  fields: {
    description: { compare: 'value' },
    sections: {
      compare: 'keyed',
      ordered: true,
      required: true,
      key: (item) => (item as IRuleSection).name,
      parts: {
        owner: (item) => (item as IRuleSection).origin,
        references: (item) => poolsOf(item as IRuleSection),
      },
    },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: ({ sections }) => [...new Set(sections.flatMap(poolsOf))],
  arrange: (rule) => ({ ...rule, sections: rule.sections.toSorted((a, b) => compareText(a.name, b.name)) }),
  originsOf: ({ sections }) => sections.flatMap(({ origin }) => (origin === undefined ? [] : [origin])),
};

/** Whether an iRule is one that Fairlead makes beside a virtual server of Ingresses: it is named after it. */
export function isFrontRule(path: FullPath): boolean {
  return nameOf(path).startsWith('Ingress_');
}

/** What the names of iRules begin with that let some clients in: no namespace begins with a capital letter. */
export const CLIENTS_RULE = 'Clients_';

/** Whether an iRule is one that Fairlead makes to let some clients in alone: without it, all would be. */
export function isClientsRule(path: FullPath): boolean {
  return nameOf(path).startsWith(CLIENTS_RULE);
}

/** Pools that are chosen by their full path: the device refuses a text that names one that is not there (K). */
function poolsOf({ text }: IRuleSection): readonly Ref[] {
  return Array.from(text.matchAll(/\bpool (\/[\w./%:-]+)/g), ([, path = '']) => refOf('pool', path));
}
