import type { DesiredState } from '../desired/desired-state.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OriginKey } from '../ir/origin.ts';
import type { Withheld } from '../plan/plan.ts';
import type { OriginOutcome } from '../sources/source.ts';

/** Why something is left undone that an owner can mend, or must know of. */
const TOLD: ReadonlySet<Withheld['reason']> = new Set(['blocked', 'foreign', 'unsupported']);

/** What became of one origin, once nothing of it is under way any more. */
export function outcomeOf(about: {
  readonly origin: OriginKey;
  readonly desired: DesiredState;
  readonly withheld: readonly Withheld[];
  readonly conflicts: readonly Diagnostic[];
}): OriginOutcome {
  const { origin, desired, withheld, conflicts } = about;
  if (desired.cellsOf(origin).size === 0) return { origin, state: 'gone', diagnostics: [] };
  const told = withheld.filter(({ reason }) => TOLD.has(reason));
  const diagnostics = [...desired.diagnosticsOf(origin), ...conflicts, ...told.map(({ diagnostic }) => diagnostic)];
  const isHeld = desired.holdOf(origin) !== undefined;
  const bad = isHeld || diagnostics.some(({ severity }) => severity === 'error');
  if (!bad) return { origin, state: 'applied', diagnostics };
  const isPartly = !isHeld && desired.refsOf(origin).size > 0;
  return { origin, state: 'refused', ...(isPartly ? { partly: true } : {}), diagnostics };
}
