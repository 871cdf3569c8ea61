import { stringify } from 'yaml';
import { compareText } from '../ir/compare-text.ts';
import { descriptorOf } from '../ir/objects.ts';
import { describeOrigin } from '../ir/origin.ts';
import type { Ref } from '../ir/ref.ts';
import { kindOf } from '../ir/ref.ts';
import type { GetView } from '../report/contributions.ts';
import { broughtBy, printDocument } from '../sources/state/index.ts';

/**
 * What the sources want together, as documents of the desired state: a source of kind `state` that reads them wants the
 * same. What cannot be understood is named in comments. `partition`: names of objects in it are given without it.
 */
export function stateText({ contributions, objects }: GetView, partition: string): string {
  const left = contributions
    .filter(({ frozen }) => frozen === true)
    .map(({ origin }) => comment(`${describeOrigin(origin)} is left out: it cannot be understood`));
  const isBrought = broughtBy(objects.map(({ object }) => object));
  const documents = objects
    .filter(({ object }) => !isBrought(object))
    .toSorted((a, b) => inOrder(a.ref, b.ref))
    .map(({ object, origins }) => {
      const text = stringify(printDocument(object, { partition }), { lineWidth: 0, aliasDuplicateObjects: false });
      return comment(origins.map(describeOrigin).join(', ')) + text;
    });
  return [...new Set(left)].join('') + documents.join('---\n');
}

function comment(text: string): string {
  return `# ${text.replaceAll(/\s+/g, ' ')}\n`;
}

/** What others need comes first. */
function inOrder(a: Ref, b: Ref): number {
  return descriptorOf(kindOf(a)).order - descriptorOf(kindOf(b)).order || compareText(a, b);
}
