import type { DeviceError } from '../../errors/device-error.ts';
import type { Draft } from '../kind.ts';
import { operators, type OperandSpec } from './grammar.ts';
import { choose, refuseOthers } from './keywords.ts';
import { operands } from './operands.ts';

const types = Object.keys(operands);
const specs = Object.values(operands);
const events = [...new Set(specs.flatMap((spec) => spec.events))];
const selectors = [...new Set(specs.flatMap((spec) => Object.keys(spec.selectors)))];
const comparisons = [...new Set(Object.values(operators).flat())];

/** The words that say what a condition looks at, when, at which part, and how it compares. */
export const operandWords: readonly string[] = [...types, ...events, ...selectors, ...comparisons];

/**
 * Sets what the body leaves open, as the device does, and refuses words that do not go together.
 * @param missing the error if it looks at nothing.
 */
export function completeOperand(draft: Draft, missing: () => DeviceError): void {
  const type = choose(draft, types);
  const spec: OperandSpec | undefined = type === undefined ? undefined : operands[type];
  if (type === undefined || spec === undefined) {
    throw missing();
  }
  refuseOthers(draft, type, { all: events, allowed: spec.events });
  choose(draft, spec.events, spec.events[0]);
  const parts = Object.keys(spec.selectors);
  refuseOthers(draft, type, { all: selectors, allowed: parts });
  const selector = choose(draft, parts, parts[0]) ?? 'all';
  const allowed = operators[spec.selectors[selector] ?? 'text'];
  refuseOthers(draft, selector, { all: comparisons, allowed });
  choose(draft, allowed, allowed[0]);
}
