import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { originKey } from '../../ir/origin.ts';
import { cut, identify } from './records.ts';
import type { CutOptions, RecordKind } from './records.ts';
import { printPath } from './records/fields.ts';
import type { FieldProblem } from './records/fields.ts';
import type { RecordChange } from './store.ts';

/** Where an object comes from, for its diagnostics. */
export interface ChangeContext extends CutOptions {
  /** The source's name. */
  readonly source: string;
  /** The place of a field, for example `web.yaml:12`; left out: the object alone is named. */
  readonly place?: (path: FieldProblem['path']) => string;
}

/** Cuts an object down to a change; one that cannot be understood becomes an `unreadable`. Never throws. */
export function changeOf(kind: RecordKind, object: unknown, context: ChangeContext): RecordChange {
  const result = cut(kind, object, context);
  if (result.record !== undefined) return { type: 'put', record: result.record };
  const identity = identify(object, kind);
  return {
    type: 'unreadable',
    kind,
    identity,
    diagnostic: unreadable(kind, identity.key, { problems: result.problems, context }),
  };
}

function unreadable(
  kind: RecordKind,
  key: string,
  found: { readonly problems: readonly FieldProblem[]; readonly context: ChangeContext },
): Diagnostic {
  const [first] = found.problems;
  const { source, place } = found.context;
  const lines = found.problems.map((problem) => {
    const where = place === undefined ? '' : `${place(problem.path)}: `;
    return `${where}${printPath(problem.path)}: found ${problem.found}, expected ${problem.expected}`;
  });
  return {
    code: 'object-unreadable',
    severity: 'error',
    origin: originKey(source, kind, key),
    ...(first === undefined ? {} : { field: printPath(first.path) }),
    summary: `${kind} ${key}: ${lines[0] ?? 'cannot be understood'}`,
    ...(lines.length > 1 ? { detail: lines.slice(1).join('\n') } : {}),
  };
}
