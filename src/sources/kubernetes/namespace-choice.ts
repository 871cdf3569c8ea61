import type { NamespaceRecord } from './model.ts';
import type { NamespaceChoice } from './options.ts';

/** True if a namespace is read: by its name, or by its labels, as far as they are known. */
export function isChosen(choice: NamespaceChoice, name: string, record: NamespaceRecord | undefined): boolean {
  const { names, labels } = choice;
  if (names === undefined && labels === undefined) return true;
  if (names?.includes(name) === true) return true;
  if (labels === undefined || record === undefined) return false;
  return Object.entries(labels).every(([label, value]) => record.labels[label] === value);
}
